import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';

import type { Server } from '../../src/index.ts';

/** A connection whose other end a test is: it may be slow, silent, or deaf. */
export interface RawClient {
  readonly socket: Socket;
  /** What the server has sent so far. */
  received(): string;
  /** Resolves when the server has ended the connection, or cut it. */
  readonly closed: Promise<void>;
  /** Sends the bytes one at a time, as long as the connection stands. */
  trickle(bytes: string, intervalMs: number): void;
}

/** Listens on a free port of the loopback. */
export async function listen(app: Server): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

/** Connects, and sends the bytes if there are any. */
export async function connectRaw(port: number, bytes = ''): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let received = '';
  const { promise: closed, resolve } = Promise.withResolvers<undefined>();
  socket.on('data', (chunk) => {
    received += chunk.toString();
  });
  // A reset is an end like any other here.
  socket.on('error', () => resolve(undefined));
  socket.on('end', () => resolve(undefined));
  socket.on('close', () => resolve(undefined));
  await once(socket, 'connect');
  if (bytes !== '') socket.write(bytes);
  return {
    socket,
    received: () => received,
    closed,
    trickle(rest, intervalMs) {
      let sent = 0;
      const timer = setInterval(() => {
        if (sent < rest.length && !socket.destroyed) socket.write(rest.charAt(sent++));
        else clearInterval(timer);
      }, intervalMs);
      void closed.then(() => clearInterval(timer));
    },
  };
}
