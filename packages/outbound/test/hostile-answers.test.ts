import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { createOutboundClient, type OutboundRequest } from '../src/index.ts';
import { faultOf } from './support/faults.ts';
import { PATIENT } from './support/patience.ts';
import { drip, startRawServer, writeForever } from './support/raw-server.ts';
import { resolving } from './support/resolvers.ts';

const CANARY = 'c4n4ry';
const MAX_BYTES = 64 * 1024;
/** Far above what any answer here takes, so that only what never ends meets it. */
const LONG_MS = 20_000;
const SHORT_MS = 100;

const headOf = (...lines: readonly string[]): string => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n');
const bomb = gzipSync(Buffer.alloc(10 * 1024 * 1024));
const encoded = (encoding: string) => (socket: Socket) => {
  socket.write(headOf(`content-encoding: ${encoding}`, `content-length: ${MAX_BYTES}`));
  socket.write(bomb);
};
/** Each answer that is refused goes on, so that its connection is in the way of nothing. */
const redirect = (status: number) => (socket: Socket) =>
  socket.write(
    `HTTP/1.1 ${status} Elsewhere\r\nlocation: http://169.254.169.254/latest/\r\ncontent-length: 100\r\n\r\n`,
  );

type Attack = readonly [fault: string, answer: (socket: Socket) => unknown, changes?: Partial<OutboundRequest>];

const attacks: Readonly<Record<string, Attack>> = {
  'never answers': ['timeout', () => undefined, { deadlineMs: SHORT_MS }],
  'drips its head': [
    'timeout',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-a: ');
      drip(socket, 'a');
    },
    { deadlineMs: SHORT_MS },
  ],
  'drips its body': [
    'timeout',
    (socket) => {
      socket.write(headOf('content-length: 60000'));
      drip(socket, 'a');
    },
    { deadlineMs: SHORT_MS },
  ],
  'drips chunks': [
    'timeout',
    (socket) => {
      socket.write(headOf('transfer-encoding: chunked'));
      drip(socket, '1\r\na\r\n');
    },
    { deadlineMs: SHORT_MS },
  ],
  'gives early hints for ever': [
    'timeout',
    (socket) => drip(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'),
    { deadlineMs: SHORT_MS },
  ],
  'stops in the middle of its body': [
    'timeout',
    (socket) => socket.write(`${headOf('content-length: 100')}half`),
    { deadlineMs: SHORT_MS },
  ],
  'writes chunks for ever': [
    'too-large',
    (socket) => {
      socket.write(headOf('transfer-encoding: chunked'));
      writeForever(socket, `4000\r\n${'a'.repeat(0x4000)}\r\n`);
    },
  ],
  'writes a body without a length for ever': [
    'too-large',
    (socket) => {
      socket.write(headOf('connection: close'));
      writeForever(socket, 'a'.repeat(16_384));
    },
  ],
  'announces more than is read': ['too-large', (socket) => socket.write(headOf(`content-length: ${MAX_BYTES + 1}`))],
  'announces more than any memory': ['too-large', (socket) => socket.write(headOf('content-length: 9007199254740991'))],
  'writes a head for ever': [
    'too-large',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-a: ');
      writeForever(socket, 'a'.repeat(16_384));
    },
  ],
  'writes headers for ever': [
    'too-large',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      writeForever(socket, `x-${'a'.repeat(100)}: ${'b'.repeat(100)}\r\n`);
    },
  ],
  'writes trailers for ever': [
    'too-large',
    (socket) => {
      socket.write(`${headOf('transfer-encoding: chunked')}0\r\n`);
      writeForever(socket, `x-${'a'.repeat(100)}: ${'b'.repeat(100)}\r\n`);
    },
  ],
  'hangs up before it answers': ['connection', (socket) => socket.destroy()],
  'resets the connection before it answers': ['connection', (socket) => socket.resetAndDestroy()],
  'hangs up before its body ends': ['connection', (socket) => socket.end(`${headOf('content-length: 100')}half`)],
  'hangs up before its last chunk': [
    'connection',
    (socket) => socket.end(`${headOf('transfer-encoding: chunked')}4\r\nhalf\r\n`),
  ],
  'resets the connection within its body': [
    'connection',
    (socket) => socket.write(`${headOf('content-length: 100')}half`, () => socket.resetAndDestroy()),
  ],
  'gives two lengths': [
    'connection',
    (socket) => socket.write(`${headOf('content-length: 2', 'content-length: 4')}half`),
  ],
  'gives a negative length': ['connection', (socket) => socket.write(`${headOf('content-length: -1')}a`)],
  'gives a length and chunks': [
    'connection',
    (socket) => socket.write(`${headOf('content-length: 4', 'transfer-encoding: chunked')}0\r\n\r\n`),
  ],
  'gives a chunk without a size': [
    'connection',
    (socket) => socket.write(`${headOf('transfer-encoding: chunked')}${CANARY}\r\n`),
  ],
  'breaks a line with a bare carriage return': [
    'connection',
    (socket) => socket.write(headOf('x-a: b\rset-cookie: c')),
  ],
  'has a zero byte in a header': ['connection', (socket) => socket.write(headOf(`x-a: b\0${CANARY}`))],
  'has a space before a colon': ['connection', (socket) => socket.write(headOf('content-length : 2'))],
  'changes the protocol': [
    'connection',
    (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n'),
  ],
  'speaks another protocol': ['connection', (socket) => socket.write(`220 ${CANARY} ESMTP\r\n\r\n`)],
  'answers without a status': ['connection', (socket) => socket.write(`${CANARY}\r\n\r\n`)],
  'compresses a bomb': ['encoding', encoded('gzip')],
  'compresses a bomb in capitals': ['encoding', encoded('GZIP')],
  'compresses a bomb with another method': ['encoding', encoded('br')],
  'compresses a bomb twice': ['encoding', encoded('gzip, gzip')],
  'hides that it compresses a bomb': ['encoding', encoded('identity, gzip')],
  ...Object.fromEntries(
    [300, 301, 302, 303, 305, 307, 308, 399].map((status): [string, Attack] => [
      `redirects to cloud metadata with ${status}`,
      ['redirect', redirect(status)],
    ]),
  ),
};

describe('a server that', () => {
  for (const [what, [fault, answer, changes]] of Object.entries(attacks)) {
    it(`SR-29: ${what} ends in ${fault}, and its connection is closed`, async () => {
      const server = await startRawServer(answer);
      const { resolveHost, asked } = resolving(['127.0.0.1']);
      const client = createOutboundClient({
        hosts: [{ host: 'api.example', port: server.port, reach: 'loopback' }],
        deadlineMs: LONG_MS,
        maxResponseBytes: MAX_BYTES,
        resolveHost,
      });
      const call = client.request({
        method: 'POST',
        url: `http://api.example:${server.port}/${CANARY}?${CANARY}=${CANARY}`,
        headers: { authorization: `Bearer ${CANARY}` },
        body: CANARY,
        ...changes,
      });
      const error: unknown = await call.catch((thrown: unknown) => thrown);
      await expect(faultOf(call)).resolves.toBe(fault);
      // Neither what was sent nor what came back, however deep somebody looks.
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(CANARY);
      expect(error).not.toHaveProperty('cause');
      await expect.poll(server.open, PATIENT).toBe(0);
      expect(asked).toEqual(['api.example']);
      expect(server.connections()).toBe(1);
      await client.close();
      await server.close();
    });
  }

  it.each<readonly [string, (socket: Socket) => unknown, number]>([
    ['redirects', redirect(307), 307],
    ['writes for ever', (socket) => socket.write(headOf('content-length: 99999999').replace('200 OK', '503 No')), 503],
    ['compresses', encoded('gzip'), 200],
  ])('SR-29: %s is refused with its status, by which a caller knows what it was', async (_what, answer, status) => {
    const server = await startRawServer(answer);
    const { resolveHost } = resolving(['127.0.0.1']);
    const hosts = [{ host: 'api.example', port: server.port, reach: 'loopback' }] as const;
    const client = createOutboundClient({ hosts, maxResponseBytes: MAX_BYTES, resolveHost });
    const call = client.request({ method: 'GET', url: `http://api.example:${server.port}/` });
    await expect(call).rejects.toMatchObject({ status });
    await client.close();
    await server.close();
  });

  it('SR-29: splits its answer in two does not answer the next call with the second', async () => {
    const smuggled = `HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nsmuggle`;
    const server = await startRawServer((socket, requestNumber) => {
      socket.write(
        requestNumber === 1 ? `${headOf('content-length: 2')}ok${smuggled}` : `${headOf('content-length: 4')}true`,
      );
    });
    const url = `http://127.0.0.1:${server.port}/`;
    const client = createOutboundClient({ hosts: [{ host: '127.0.0.1', port: server.port, reach: 'loopback' }] });
    const bodies: string[] = [];
    for (const _ of [1, 2, 3, 4]) {
      const { body } = await client.request({ method: 'GET', url });
      bodies.push(body.toString());
    }
    expect(bodies).not.toContain('smuggle');
    expect(bodies[0]).toBe('ok');
    await client.close();
    await server.close();
  });

  it('SR-29: sends exactly as much as is read is answered, and not with a byte more', async () => {
    const server = await startRawServer((socket, requestNumber) => {
      const bytes = MAX_BYTES + requestNumber - 1;
      socket.write(`${headOf('transfer-encoding: chunked')}${bytes.toString(16)}\r\n${'a'.repeat(bytes)}\r\n0\r\n\r\n`);
    });
    const url = `http://127.0.0.1:${server.port}/`;
    const hosts = [{ host: '127.0.0.1', port: server.port, reach: 'loopback' as const }];
    const client = createOutboundClient({ hosts, maxResponseBytes: MAX_BYTES });
    const { body } = await client.request({ method: 'GET', url });
    expect(body).toHaveLength(MAX_BYTES);
    // On a connection of its own, for the numbers begin again.
    await expect(faultOf(client.request({ method: 'GET', url, maxResponseBytes: MAX_BYTES - 1 }))).resolves.toBe(
      'too-large',
    );
    await client.close();
    await server.close();
  });

  it('compresses although it was asked not to, and does not say so, is read as it is', async () => {
    const server = await startRawServer((socket) => {
      socket.write(headOf(`content-length: ${bomb.length}`));
      socket.write(bomb);
    });
    const url = `http://127.0.0.1:${server.port}/`;
    const client = createOutboundClient({ hosts: [{ host: '127.0.0.1', port: server.port, reach: 'loopback' }] });
    const { body } = await client.request({ method: 'GET', url });
    expect(body.equals(bomb)).toBe(true);
    await client.close();
    await server.close();
  });
});
