import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A server for tests on a free port of the loopback address. */
export interface TestPeer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a server that takes connections and hands each socket to the test. Without a handler it never answers. */
export async function startPeer(onConnection: (socket: Socket) => void = () => undefined): Promise<TestPeer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** A port of the loopback address on which nobody listens. */
export async function findClosedPort(): Promise<number> {
  const peer = await startPeer();
  await peer.close();
  return peer.port;
}
