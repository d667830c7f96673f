import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';

import { Type } from '@sinclair/typebox';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { closeListener, type ServerOptions } from '../../src/index.ts';
import { connectRaw, listen } from '../support/raw-client.ts';
import { createTestServer } from '../support/test-server.ts';
import { createThingsServer } from '../support/things-server.ts';

/** SR-38. */
const DRAIN_MS = 10_000;

describe('closeListener', () => {
  it('SR-38: is not held up by a client that sends half a header and waits', async () => {
    const { app } = await createThingsServer();
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const accepted = once(app.server, 'connection');
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /public HTTP/1.1\r\nHo'));
    const [served] = (await accepted) as [Socket];
    // Half a header that has not arrived yet would leave the connection idle.
    await expect.poll(() => served.bytesRead).toBeGreaterThan(0);
    const ended = once(socket, 'close');
    socket.on('error', () => undefined);
    let answered = '';
    socket.on('data', (chunk) => {
      answered += chunk.toString();
    });
    await closeListener(app, { settleMs: 0, timeoutMs: 50 });
    await ended;
    expect(app.server.listening).toBe(false);
    // Cut, and not answered by the time limit for headers, which would have held up the shutdown.
    expect(answered).toBe('');
  });

  it('SR-38: answers who had connected, and asks once nobody can connect any more', async () => {
    const { app } = await createThingsServer();
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const accepted = once(app.server, 'connection');
    const socket = connect(port, '127.0.0.1');
    await accepted;
    const closed = closeListener(app);
    expect(app.server.listening).toBe(false);
    socket.write('GET /public HTTP/1.1\r\nHost: localhost\r\n\r\n');
    let answered = '';
    socket.on('data', (chunk) => {
      answered += chunk.toString();
    });
    await once(socket, 'end');
    await closed;
    expect(answered).toMatch(/^HTTP\/1\.1 200 /);
    expect(answered).toMatch(/^connection: close\r$/im);
  });

  it('SR-38: waits for nobody when nobody is connected', async () => {
    const { app } = await createThingsServer();
    await app.listen({ host: '127.0.0.1', port: 0 });
    // Longer than the test may take.
    await closeListener(app, { settleMs: 3_600_000 });
    expect(app.server.listening).toBe(false);
  });
});

describe('what is in flight when the listener closes', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A listener with a request in work that waits until the test lets it go on. */
  async function serveInFlight(options: Partial<ServerOptions> = {}) {
    const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>();
    const { promise: held, resolve: release } = Promise.withResolvers<undefined>();
    const { app } = await createTestServer(options);
    app.get('/held', { access: 'public', schema: { response: { 204: Type.Null() } } }, async (_request, reply) => {
      begin(undefined);
      await held;
      return reply.code(204).send(null);
    });
    const port = await listen(app);
    const client = await connectRaw(port, 'GET /held HTTP/1.1\r\nHost: a\r\n\r\n');
    await begun;
    return { app, client, release: () => release(undefined) };
  }

  /** The same, and the listener closes, as production closes it, by a clock that the test moves. */
  async function closeInFlight() {
    const server = await serveInFlight();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    return { ...server, closed: closeListener(server.app) };
  }

  it('SR-38: has ten seconds: done in the last moment of them, it is answered', async () => {
    const { app, client, closed, release } = await closeInFlight();
    await vi.advanceTimersByTimeAsync(DRAIN_MS - 1);
    expect(app.server.listening).toBe(false);
    expect(client.received()).toBe('');
    release();
    await client.closed;
    await closed;
    expect(client.received()).toMatch(/^HTTP\/1\.1 204 /);
    expect(client.received()).toMatch(/^connection: close\r$/im);
  });

  it('SR-38: is cut after them without an answer, and holds up nothing more', async () => {
    const { client, closed, release } = await closeInFlight();
    await vi.advanceTimersByTimeAsync(DRAIN_MS);
    // Both resolve although the handler still runs.
    await client.closed;
    await closed;
    expect(client.received()).toBe('');
    release();
  });

  it('SR-38, SR-39: is given up with its 503 all the same when its handler hangs', async () => {
    const { app, client, release } = await serveInFlight({ handlerTimeoutMs: 50 });
    await closeListener(app);
    await client.closed;
    expect(client.received()).toMatch(/^HTTP\/1\.1 503 /);
    release();
  });
});
