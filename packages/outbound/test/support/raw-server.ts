import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A server that says whatever a test wants, byte by byte. */
export interface RawServer {
  readonly port: number;
  /** Connections so far. */
  readonly connections: () => number;
  /** Connections that are open. */
  readonly open: () => number;
  close(): Promise<void>;
}

/**
 * Starts a server on the loopback that calls `answer` for each request it reads the head of; the number counts the
 * requests of a connection from 1.
 */
export async function startRawServer(answer: (socket: Socket, requestNumber: number) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    let requests = 0;
    sockets.add(socket);
    // The client hangs up in the middle of most answers: that is what the tests are about.
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      if (!bytes.includes('\r\n\r\n')) return;
      requests += 1;
      answer(socket, requests);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    open: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Writes the same bytes for as long as somebody reads them. */
export function writeForever(socket: Socket, bytes: string): void {
  while (!socket.destroyed && socket.write(bytes));
  if (!socket.destroyed) socket.once('drain', () => writeForever(socket, bytes));
}

/** Writes the same bytes every few milliseconds, so that no limit on silence ends it. */
export function drip(socket: Socket, bytes: string): void {
  const timer = setInterval(() => socket.write(bytes), 5);
  socket.on('close', () => clearInterval(timer));
}
