import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A wire between a service and its server that a test can cut. */
export interface TcpProxy {
  readonly port: number;
  /** Ends every connection and refuses new ones, as a killed server does. */
  cut(): Promise<void>;
  /** Lets connections through again, on the same port. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of the loopback that passes everything on to `target`. */
export async function createTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let server = createForwarder(target, sockets);
  const port = await listen(server, 0);
  const cut = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await closeServer(server);
  };
  return {
    port,
    cut,
    async restore() {
      server = createForwarder(target, sockets);
      await listen(server, port);
    },
    close: cut,
  };
}

function createForwarder(
  { host, port }: { readonly host: string; readonly port: number },
  sockets: Set<Socket>,
): Server {
  return createServer((client) => {
    const upstream = connect(port, host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      // One end going away ends the other; which error it was does not matter to a wire.
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
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
