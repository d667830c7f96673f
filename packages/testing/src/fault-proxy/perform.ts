import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Answer, Fault } from './fault.ts';

/** One piece of a flood: 64 KiB. */
const FLOOD_PIECE = Buffer.alloc(64 * 1024, 'a');

/** Does to a response what the fault says; `ask` gets the upstream's answer. */
export async function perform(fault: Fault, response: ServerResponse, ask: () => Promise<Answer>): Promise<void> {
  switch (fault.kind) {
    case 'answer':
      send(response, fault.answer);
      break;
    case 'hang':
      break;
    case 'cut':
      reset(response);
      break;
    case 'truncate':
      sendHalf(response, fault.answer ?? (await ask()), 'reset');
      break;
    case 'stall':
      sendHalf(response, fault.answer ?? (await ask()), 'stay');
      break;
    case 'flood':
      await flood(response, fault.answer, fault.totalBytes);
      break;
    case 'delay':
      await fault.until;
      send(response, await ask());
      break;
  }
}

/** Sends an answer whole. */
export function send(response: ServerResponse, answer: Answer): void {
  const body = bytesOf(answer);
  response.writeHead(answer.status, { 'content-length': body.length, ...answer.headers });
  response.end(body);
}

function sendHalf(response: ServerResponse, answer: Answer, then: 'reset' | 'stay'): void {
  const body = bytesOf(answer);
  response.writeHead(answer.status, { 'content-length': body.length, ...answer.headers });
  // The callback: a reset at once would overtake what was written.
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => {
    if (then === 'reset') reset(response);
  });
}

async function flood(response: ServerResponse, answer: Answer, totalBytes: number): Promise<void> {
  response.writeHead(answer.status, answer.headers);
  response.write(bytesOf(answer));
  const gone = once(response, 'close');
  for (let written = 0; written < totalBytes && !response.destroyed; written += FLOOD_PIECE.length) {
    if (!response.write(FLOOD_PIECE)) await Promise.race([once(response, 'drain'), gone]);
  }
  response.end();
}

/** A reset where there is one; a socket of TLS has only an end that came too early. */
function reset({ socket }: ServerResponse): void {
  if (socket === null || socket instanceof TLSSocket) socket?.destroy();
  else socket.resetAndDestroy();
}

function bytesOf({ body = '' }: Answer): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body);
}
