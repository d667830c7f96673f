import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A well-behaved server of a test. */
export interface WebServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a server on a free port of the loopback: plain HTTP without TLS options. */
export async function startWebServer(listener: RequestListener, tls?: ServerOptions): Promise<WebServer> {
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  // A client that does not trust the server ends the handshake.
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
