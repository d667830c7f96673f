import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

import type { TestCertificate } from '@redoubt/testing';

/** What a client begins with: PostgreSQL's asks for TLS with 8 bytes, and waits for a letter; others begin with TLS. */
type Protocol = 'postgres' | 'tls';

/** PostgreSQL's answer to who asks for TLS: it has it. */
const WILLING = 'S';

/** Ends TLS in front of a server of the tests, which has none. */
export interface TlsFront {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts one on a free port of the loopback, in front of a port of it. */
export async function createTlsFront(
  protocol: Protocol,
  targetPort: number,
  { certificate, key }: TestCertificate,
): Promise<TlsFront> {
  const secureContext = createSecureContext({ cert: certificate, key });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    if (protocol === 'tls') join(new TLSSocket(socket, { isServer: true, secureContext }));
    else
      socket.once('data', () => {
        socket.write(WILLING);
        join(new TLSSocket(socket, { isServer: true, secureContext }));
      });
  });
  const join = (client: TLSSocket): void => {
    const target = connect(targetPort, '127.0.0.1');
    sockets.add(target);
    // Who is cut off notices: the other end goes with it.
    for (const [one, other] of [[client, target] as const, [target, client] as const]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
      one.pipe(other);
    }
  };
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
