import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';

import { describe, expect, it } from 'vitest';

import { closeListener } from '../../src/index.ts';
import { createThingsServer } from '../support/things-server.ts';

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
