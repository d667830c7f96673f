import { Buffer } from 'node:buffer';
import { getEventListeners } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { createOutboundClient, OutboundError, type OutboundClientOptions } from '../src/index.ts';
import { faultOf } from './support/faults.ts';
import { PATIENT } from './support/patience.ts';
import { startRawServer } from './support/raw-server.ts';
import { startWebServer } from './support/web-server.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
/** Never met by a test that passes. */
const LONG_MS = 20_000;

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

function keep<Opened extends { close(): Promise<void> }>(each: Opened): Opened {
  opened.push(each);
  return each;
}

function clientOf(port: number, options: Partial<OutboundClientOptions> = {}) {
  const hosts = [{ host: '127.0.0.1', port, reach: 'loopback' as const }];
  const client = keep(createOutboundClient({ hosts, deadlineMs: LONG_MS, ...options }));
  return { client, url: `http://127.0.0.1:${port}/` };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('a call', () => {
  it('sends its method, path and body, and gives status, headers and body of the answer', async () => {
    const seen: string[] = [];
    const server = keep(
      await startWebServer((request, response) => {
        void readAll(request).then((text) => {
          seen.push(`${request.method} ${request.url} ${text}`);
          response.writeHead(201, { 'X-Kind': 'b' }).end('réponse');
        });
      }),
    );
    const { client, url } = clientOf(server.port);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const { status, headers, body } = await client.request({
        method,
        url: new URL('a?b=c', url),
        body: `${method} é`,
      });
      expect([status, headers.get('x-kind'), body.toString()]).toEqual([201, 'b', 'réponse']);
    }
    await client.request({ method: 'GET', url });
    await client.request({ method: 'POST', url, body: new Uint8Array([104, 105]) });
    const head = await client.request({ method: 'HEAD', url });
    expect(head.body).toHaveLength(0);
    expect(seen).toEqual([
      ...['POST', 'PUT', 'PATCH', 'DELETE'].map((method) => `${method} /a?b=c ${method} é`),
      'GET / ',
      'POST / hi',
      'HEAD / ',
    ]);
  });

  it('is answered by any status that leads nowhere', async () => {
    let answered = 0;
    const server = keep(await startWebServer((_request, response) => response.writeHead(answered).end()));
    const { client, url } = clientOf(server.port);
    for (answered of [204, 304, 400, 404, 429, 500, 503]) {
      expect((await client.request({ method: 'GET', url })).status).toBe(answered);
    }
  });

  it('is answered without a body by what would be too long: the length is that of what is not sent', async () => {
    const statuses = ['200 OK', '304 Not Modified'];
    const server = keep(
      await startRawServer((socket) =>
        socket.write(`HTTP/1.1 ${statuses.shift()}\r\ncontent-length: 9000000000\r\n\r\n`),
      ),
    );
    const { client, url } = clientOf(server.port);
    await expect(client.request({ method: 'HEAD', url })).resolves.toMatchObject({ status: 200 });
    await expect(client.request({ method: 'GET', url })).resolves.toMatchObject({ status: 304 });
  });

  it('is made once, however it fails', async () => {
    let requests = 0;
    const server = keep(
      await startRawServer((socket) => {
        requests += 1;
        if (requests > 1) socket.destroy();
        else socket.write(OK);
      }),
    );
    const { client, url } = clientOf(server.port);
    await client.request({ method: 'GET', url });
    await setImmediate();
    // On the kept connection, which the server closes at that moment.
    for (const method of ['GET', 'POST'] as const)
      expect(await faultOf(client.request({ method, url }))).toBe('connection');
    expect(requests).toBe(3);
  });

  it('SR-29: goes through no proxy that the environment names', async () => {
    const proxy = keep(await startRawServer((socket) => socket.end(OK)));
    const server = keep(await startRawServer((socket) => socket.end(OK)));
    for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'ALL_PROXY'])
      vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    const { client, url } = clientOf(server.port);
    await client.request({ method: 'GET', url });
    expect(proxy.connections()).toBe(0);
    expect(server.connections()).toBe(1);
  });

  it('ends with the signal of its caller, and leaves nothing on it', async () => {
    const asked = Promise.withResolvers<void>();
    const server = keep(await startRawServer(() => asked.resolve()));
    const { client, url } = clientOf(server.port);
    const controller = new AbortController();
    const { signal } = controller;
    const call = faultOf(client.request({ method: 'GET', url, signal }));
    await asked.promise;
    controller.abort(new Error('c4n4ry'));
    await expect(call).resolves.toBe('aborted');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await expect.poll(server.open, PATIENT).toBe(0);
    await expect(faultOf(client.request({ method: 'GET', url, signal }))).resolves.toBe('aborted');
    expect(server.connections()).toBe(1);
  });

  it('leaves nothing on the signal of its caller when it is answered', async () => {
    const server = keep(await startRawServer((socket) => socket.write(OK)));
    const { client, url } = clientOf(server.port);
    const { signal } = new AbortController();
    await client.request({ method: 'GET', url, signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('SR-29: has a deadline of its own where it says so', async () => {
    const server = keep(await startRawServer(() => undefined));
    const { client, url } = clientOf(server.port);
    await expect(faultOf(client.request({ method: 'GET', url, deadlineMs: 50 }))).resolves.toBe('timeout');
  });

  it('is refused with limits that are none', async () => {
    const { client, url } = clientOf(1);
    for (const value of [0, -1, 1.5, NaN, Infinity, 2 ** 31]) {
      await expect(client.request({ method: 'GET', url, deadlineMs: value })).rejects.toThrow(RangeError);
      await expect(client.request({ method: 'GET', url, maxResponseBytes: value })).rejects.toThrow(RangeError);
      expect(() => createOutboundClient({ hosts: [], deadlineMs: value })).toThrow(RangeError);
      expect(() => createOutboundClient({ hosts: [], maxResponseBytes: value })).toThrow(RangeError);
    }
  });

  it('says what kind of fault it was, and a code of the system', async () => {
    const server = await startRawServer(() => undefined);
    await server.close();
    const { client, url } = clientOf(server.port);
    const error: unknown = await client.request({ method: 'GET', url }).catch((thrown: unknown) => thrown);
    expect(error).toEqual(new OutboundError('connection', { host: '127.0.0.1', reason: 'ECONNREFUSED' }));
    expect(error).toMatchObject({ code: 'connection', host: '127.0.0.1', reason: 'ECONNREFUSED' });
  });
});

describe('a client', () => {
  it('SR-29: keeps ten connections to a host, and refuses more than a hundred calls at a time', async () => {
    const server = keep(await startRawServer(() => undefined));
    const { client, url } = clientOf(server.port);
    const controller = new AbortController();
    const { signal } = controller;
    const calls = Array.from({ length: 100 }, () => faultOf(client.request({ method: 'GET', url, signal })));
    await expect(faultOf(client.request({ method: 'GET', url }))).resolves.toBe('busy');
    await expect.poll(server.connections, PATIENT).toBe(10);
    controller.abort();
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['aborted']));
    // None of them holds a place any more.
    await expect(faultOf(client.request({ method: 'GET', url, deadlineMs: 50 }))).resolves.toBe('timeout');
  });

  it('SR-52: gives no new call to a connection that is older than five minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const server = keep(await startRawServer((socket) => socket.write(OK)));
    const { client, url } = clientOf(server.port);
    for (const minutes of [0, 4, 2]) {
      vi.setSystemTime(Date.now() + minutes * 60_000);
      await client.request({ method: 'GET', url });
      await setImmediate();
    }
    expect(server.connections()).toBe(2);
    await expect.poll(server.open, PATIENT).toBe(1);
  });

  it('closes when the calls on their way are answered, takes no new ones and keeps no connection', async () => {
    const asked = Promise.withResolvers<() => void>();
    const server = keep(await startRawServer((socket) => asked.resolve(() => socket.write(OK))));
    const { client, url } = clientOf(server.port);
    const call = client.request({ method: 'GET', url });
    const answer = await asked.promise;
    const closed = client.close();
    await expect(faultOf(client.request({ method: 'GET', url }))).resolves.toBe('closed');
    answer();
    await expect(call).resolves.toMatchObject({ status: 200 });
    await closed;
    await expect.poll(server.open, PATIENT).toBe(0);
    await client.close();
  });
});
