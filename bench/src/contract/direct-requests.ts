import { once } from 'node:events';
import { IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import process from 'node:process';

import type { Work } from './work.ts';

/** A connection that nobody holds: whatever is written to it is gone. */
class NullSocket extends Socket {
  override readonly remoteAddress = '127.0.0.1';
  override readonly remotePort = 1;
  override readonly writable = true;

  override write(_chunk: unknown, encoding?: unknown, done?: unknown): boolean {
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') process.nextTick(callback);
    return true;
  }
}

/** As many as a real connection takes before the variants end it. */
const REQUESTS_PER_SOCKET = 500;

/**
 * Hands requests to the server's own listener, one after the other, past the socket and the parser of HTTP: what is left
 * is the framework, and Node's request and response objects, which are the same for all. Answers microseconds of
 * processor time for each.
 *
 * @throws when an answer has another status than the work expects.
 */
export async function measureDirectly(server: Server, work: Work, requests: number): Promise<number> {
  const answering = { server, Response: responseClassOf(server) };
  const started = process.cpuUsage();
  let socket = new NullSocket();
  for (let sent = 1; sent <= requests; sent += 1) {
    await answerOne(answering, work, socket);
    if (sent % REQUESTS_PER_SOCKET === 0) socket = new NullSocket();
  }
  const { user, system } = process.cpuUsage(started);
  return (user + system) / requests;
}

/** What the server makes its responses of; Node keeps that under a symbol of its own. */
function responseClassOf(server: Server): typeof ServerResponse {
  const symbol = Object.getOwnPropertySymbols(server).find(({ description }) => description === 'ServerResponse');
  if (symbol === undefined) throw new TypeError('the server keeps the class of its responses elsewhere');
  return Reflect.get(server, symbol) as typeof ServerResponse;
}

/** A server, and the class that its responses are of. */
interface Answering {
  readonly server: Server;
  readonly Response: typeof ServerResponse;
}

async function answerOne({ server, Response }: Answering, work: Work, socket: Socket): Promise<void> {
  const request = new IncomingMessage(socket);
  // As the parser says when it has seen the end; otherwise the request would take its socket with it.
  request.complete = true;
  const fields = Object.entries(work.headers);
  Object.assign(request, {
    method: work.method,
    url: work.path,
    httpVersion: '1.1',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    rawHeaders: fields.flat(),
    headers: Object.fromEntries(fields.map(([name, value]) => [name.toLowerCase(), value])),
  });
  const response = new Response(request);
  response.assignSocket(socket);
  server.emit('request', request, response);
  if (work.body !== undefined) request.push(work.body);
  request.push(null);
  await once(response, 'finish');
  response.detachSocket(socket);
  response.emit('close');
  if (response.statusCode !== work.status) throw new Error(`${work.name}: answered ${response.statusCode}`);
}
