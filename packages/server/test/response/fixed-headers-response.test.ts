import { ServerResponse } from 'node:http';

import { Type } from '@sinclair/typebox';
import { fastify } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { AppError, decideHeaders, type ServerOptions } from '../../src/index.ts';
import { beginHeaders } from '../../src/response/begin-headers.ts';
import { createResponseClass } from '../../src/response/fixed-headers-response.ts';
import { connectRaw, listen } from '../support/raw-client.ts';
import { createTestServer, type TestServer } from '../support/test-server.ts';

const Answer = Type.Object({ name: Type.String({ maxLength: 10 }) }, { additionalProperties: false });
const schema = { response: { 200: Answer } };
const answer = { name: 'a' };

const servers: TestServer[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(servers.splice(0).map(({ app }) => app.close()));
});

/** A listening server, with a route for each way in which an answer may treat a fixed header. */
async function start(overrides: Partial<ServerOptions> = {}) {
  const server = await createTestServer(overrides);
  servers.push(server);
  const { app } = server;
  app.get('/plain', { access: 'public', schema }, () => answer);
  app.get('/kept', { access: 'public', cache: { maxAgeSeconds: 60 }, schema }, () => answer);
  app.get('/changed', { access: 'public', schema }, (_request, reply) => {
    reply.header('x-frame-options', 'SAMEORIGIN');
    return answer;
  });
  app.get('/dropped', { access: 'public', schema }, (_request, reply) => {
    reply.removeHeader('referrer-policy');
    return answer;
  });
  app.get('/moved', { access: 'public', schema }, (_request, reply) => {
    reply.removeHeader('cache-control').header('cache-control', 'no-store');
    return answer;
  });
  app.get('/id', { access: 'public', schema }, (_request, reply) => {
    reply.header('x-request-id', 'a b, "c"');
    return answer;
  });
  app.get('/broken-id', { access: 'public', schema }, (_request, reply) => {
    reply.header('x-request-id', 'a\r\nx-forged: 1');
    return answer;
  });
  app.get('/refused', { access: 'public', schema }, () => {
    throw new AppError('conflict');
  });
  app.get('/forged', { access: 'public', schema }, (_request, reply) => {
    reply.header('x-note', 'a\r\nx-forged: 1');
    return answer;
  });
  return { ...server, port: await listen(app) };
}

/** The lines of the head as they come over the wire, but for what differs from one answer to the next, in order of their names. */
async function headOf(port: number, path: string): Promise<readonly string[]> {
  const client = await connectRaw(port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  await client.closed;
  const [head = ''] = client.received().split('\r\n\r\n', 1);
  return head
    .split('\r\n')
    .filter((line) => !/^(?:date|x-request-id|ratelimit-[a-z]+):/i.test(line))
    .toSorted();
}

/** The correlation id, as it comes over the wire. */
async function idOf(port: number, path: string): Promise<string | null> {
  return (await fetch(`http://127.0.0.1:${port}${path}`)).headers.get('x-request-id');
}

const paths = [
  '/plain',
  '/kept',
  '/changed',
  '/dropped',
  '/moved',
  '/refused',
  '/forged',
  '/id',
  '/broken-id',
  '/nothing',
  '//',
];

/** The heads of all answers, one after the other. */
async function headsOf(port: number): Promise<Readonly<Record<string, readonly string[]>>> {
  const heads: Record<string, readonly string[]> = {};
  for (const path of paths) heads[path] = await headOf(port, path);
  return heads;
}

describe('the first headers of an answer', () => {
  it('SR-32: are where Fastify keeps them', async () => {
    const app = fastify();
    app.get('/', (_request, reply) => {
      const set = vi.spyOn(reply, 'headers');
      beginHeaders(reply, { 'x-a': '1' });
      reply.send({ set: set.mock.calls.length, headers: reply.getHeaders() });
    });
    const answered = await app.inject('/');
    expect(answered.json()).toEqual({ set: 0, headers: { 'x-a': '1' } });
    expect(answered.headers['x-a']).toBe('1');
  });
});

describe('headers that are written as one text', () => {
  it('SR-32, SR-33: are on the wire as Node itself writes them, each once, whatever an answer does with them', async () => {
    const { port } = await start();
    const written = vi.spyOn(ServerResponse.prototype, '_storeHeader');
    const fast = await headsOf(port);
    // Those that kept all of them took the short way, and the others did not; the forged ones were written once in vain.
    const isShort = ([statusLine]: readonly [string, ...unknown[]]): boolean => statusLine.includes('nosniff');
    const changing = new Set(['/kept', '/changed', '/dropped', '/moved']);
    expect(written.mock.calls.map(isShort)).toEqual(
      paths.flatMap((path) => (path === '/forged' || path === '/broken-id' ? [true, true] : [!changing.has(path)])),
    );
    written.mockRestore();

    const { app } = servers[0] as TestServer;
    // The same server, with the responses that Node makes.
    Reflect.set(app.server, responseSymbolOf(app.server), ServerResponse);
    expect(fast).toEqual(await headsOf(port));
    expect(fast['/plain']).toContain('x-frame-options: DENY');
    expect(fast['/changed']).toContain('x-frame-options: SAMEORIGIN');
    expect(fast['/dropped']?.join('\n')).not.toContain('referrer-policy');
    expect(fast['/kept']).toContain('cache-control: public, max-age=60');
    expect(Object.values(fast).flat().join('\n')).not.toContain('x-forged');
    expect(await idOf(port, '/id')).toBe('a b, "c"');
    expect(fast['/broken-id']).toContainEqual(expect.stringMatching(/^HTTP.1.1 500 /));
    expect(fast['/forged']).toContainEqual(expect.stringMatching(/^HTTP.1.1 500 /));
  });

  it('SR-32: are refused by the class when Node would not send them', async () => {
    const headers = await decideHeaders();
    expect(() => createResponseClass({ fixed: { ...headers, 'x-a': 'a\r\nx-forged: 1' }, plain: [] })).toThrow(
      TypeError,
    );
    expect(() => createResponseClass({ fixed: { ...headers, 'x a': 'a' }, plain: [] })).toThrow(TypeError);
  });
});

/** Where Node keeps the class of a server's responses. */
function responseSymbolOf(server: object): symbol {
  const found = Object.getOwnPropertySymbols(server).find(({ description }) => description === 'ServerResponse');
  if (found === undefined) throw new TypeError('the server keeps its class of responses elsewhere');
  return found;
}
