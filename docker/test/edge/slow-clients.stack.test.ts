import type { Socket } from 'node:net';

import { describe, expect, it, vi } from 'vitest';

import { EDGE_PORT } from '../support/stack.ts';
import { observe, tally } from './support/observe.ts';
import { askRaw, parseAnswers } from './support/raw-answer.ts';
import { openConnection, readToEnd } from './support/raw-exchange.ts';
import { edgeLines } from './support/stack-logs.ts';

/** Connections of each sort of slow client. */
const CONNECTIONS = 40;

/** A client that is not quite silent sends a byte so often, far more often than the edge's limit of ten seconds. */
const DRIP_MS = 1000;

const HALF_A_HEAD = 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ';
const HALF_A_BODY =
  'POST /api/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{';

async function openMany(start: string): Promise<readonly Socket[]> {
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => openConnection()));
  for (const socket of sockets) socket.write(start);
  return sockets;
}

/** Sends a byte now and then, as long as the other side takes it. */
function drip(socket: Socket): void {
  const timer = setInterval(() => socket.write('a'), DRIP_MS);
  socket.once('close', () => clearInterval(timer));
}

/** Asks as anybody would, for as long as something else goes on. */
async function askMeanwhile(work: Promise<unknown>): Promise<readonly number[]> {
  const others = { areOver: false };
  const over = work.finally(() => (others.areOver = true));
  const statuses: number[] = [];
  while (!others.areOver) statuses.push((await askRaw({ path: '/.well-known/jwks.json' })).status);
  await over;
  return statuses;
}

describe('SR-39: a slow client', () => {
  it('is cut off after ten seconds, whatever it is slow with, and disturbs nobody', async () => {
    const since = new Date();
    const silent = await openMany(HALF_A_HEAD);
    const dripping = await openMany(HALF_A_HEAD);
    for (const socket of dripping) drip(socket);
    const stalled = await openMany(HALF_A_BODY);
    const handshakes = await Promise.all(
      Array.from({ length: CONNECTIONS }, () => openConnection({ transport: 'plain', port: EDGE_PORT })),
    );
    const ends = [...silent, ...dripping, ...stalled, ...handshakes].map((socket) => readToEnd(socket));
    const statuses = await askMeanwhile(Promise.all(ends));

    const texts = await Promise.all(ends);
    expect(texts.filter((text) => text !== '')).toEqual([]);
    expect(tally(statuses)).toBe(`${statuses.length} × 200`);
    await vi.waitFor(async () => {
      const timedOut = (await edgeLines(since)).filter(({ status }) => status === 408);
      expect(timedOut).toHaveLength(3 * CONNECTIONS);
      // A body that has not arrived costs the API nothing.
      expect(timedOut.filter(({ upstreamStatus }) => upstreamStatus !== '')).toEqual([]);
    });
    observe('slow-clients', `${4 * CONNECTIONS} connections: cut off, 408 in the log; the bystander always 200`);
  });

  it('counts with all that it has open: the 65th request at once is refused', async () => {
    const sockets = await Promise.all(Array.from({ length: 70 }, () => openConnection()));
    const ends = sockets.map((socket) => readToEnd(socket));
    let answered = 0;
    for (const socket of sockets) {
      socket.once('data', () => (answered += 1));
      socket.write(HALF_A_BODY.replace('Host', 'Connection: close\r\nHost'));
    }
    await vi.waitUntil(() => answered >= 6, { timeout: 8000 });
    for (const socket of sockets) socket.destroy();
    const answers = (await Promise.all(ends)).flatMap((text) => parseAnswers(text));
    expect(tally(answers.map(({ status }) => status))).toBe('6 × 429');
    observe('many-connections', '70 requests at once from an address: 64 wait for their body, 6 × 429');
  });
});
