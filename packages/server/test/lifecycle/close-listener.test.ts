import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';

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
    await accepted;
    const ended = once(socket, 'close');
    socket.on('error', () => undefined);
    await closeListener(app, 50);
    await ended;
    expect(app.server.listening).toBe(false);
  });
});
