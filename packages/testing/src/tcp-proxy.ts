import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { type TransferListener, WireDirection } from './tcp-proxy/wire-direction.ts';

export type { Transfer, TransferListener } from './tcp-proxy/wire-direction.ts';

/** A wire between a service and its server that a test can cut, hold, slow down and watch. */
export interface TcpProxy {
  readonly port: number;
  /** Ends every connection and refuses new ones, as a killed server does. */
  cut(): Promise<void>;
  /** Lets connections through again, on the same port. */
  restore(): Promise<void>;
  /** From now on nothing arrives on either side, and nobody is told: as when the server is stopped or a cable pulled. */
  pause(): void;
  /** What was held arrives, and everything after it. */
  resume(): void;
  /** From now on everything arrives so much later, in each direction; 0 ends it. */
  delay(delayMs: number): void;
  /** Asks the listener about everything that passes, before it is passed on; `undefined` asks nobody. */
  watch(listener: TransferListener | undefined): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of the loopback that passes everything on to `target`. */
export async function createTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const wire: Wire = { target, sockets: new Set(), isPaused: false, delayMs: 0, listener: undefined };
  let server = createForwarder(wire);
  const port = await listen(server, 0);
  const cut = async (): Promise<void> => {
    for (const socket of wire.sockets) socket.destroy();
    if (server.listening) await closeServer(server);
  };
  return {
    port,
    cut,
    async restore() {
      server = createForwarder(wire);
      await listen(server, port);
    },
    pause() {
      wire.isPaused = true;
      for (const socket of wire.sockets) socket.pause();
    },
    resume() {
      wire.isPaused = false;
      for (const socket of wire.sockets) socket.resume();
    },
    delay(delayMs) {
      wire.delayMs = delayMs;
    },
    watch(listener) {
      wire.listener = listener;
    },
    close: cut,
  };
}

interface Wire {
  readonly target: { readonly host: string; readonly port: number };
  readonly sockets: Set<Socket>;
  isPaused: boolean;
  delayMs: number;
  listener: TransferListener | undefined;
}

function createForwarder(wire: Wire): Server {
  return createServer((client) => {
    const upstream = connect(wire.target.port, wire.target.host);
    for (const [from, to, name] of [
      [client, upstream, 'to-server'],
      [upstream, client, 'from-server'],
    ] as const) {
      const direction = new WireDirection(to, name, wire);
      wire.sockets.add(from);
      // Not by pipe(): it would resume a socket that was paused meanwhile as soon as the other side drains.
      from.on('data', (chunk: Uint8Array) => direction.pass(chunk));
      from.on('end', () => direction.end());
      if (wire.isPaused) from.pause();
      // One end going away ends the other; which error it was does not matter to a wire.
      from.on('error', () => to.destroy());
      from.on('close', () => {
        wire.sockets.delete(from);
        to.destroy();
      });
    }
  });
}

function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  return promise;
}

function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  return promise;
}
