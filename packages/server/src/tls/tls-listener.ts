import { constants } from 'node:crypto';
import type { RequestListener, Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';

import type { Logger } from '@redoubt/logging';

import { MAX_HEADER_BYTES } from '../limits.ts';
import type { ResponseClass } from '../response/fixed-headers-response.ts';
import { toServerOptions, type TransportLimits } from '../transport-limits.ts';
import { assertTlsMaterial, secureContextOf, type TlsMaterial } from './tls-material.ts';

/** A listener that speaks TLS with peers that have a certificate, and with nobody else. */
export interface TlsListener {
  /** Makes the server, as Fastify asks for it. */
  readonly serverFactory: (handler: RequestListener) => HttpServer;
  /**
   * Takes new material for the connections to come; established ones go on.
   *
   * @throws {TlsMaterialError} when it cannot be used; the old one stays.
   */
  reload(material: TlsMaterial): void;
}

/**
 * No session is resumed: a resumed one would be believed without its certificate being verified again, also by an
 * authority that was replaced since. Peers keep their connections, so that a whole handshake is rare.
 */
const handshake = {
  requestCert: true,
  rejectUnauthorized: true,
  secureOptions: constants.SSL_OP_NO_TICKET,
  ALPNProtocols: ['http/1.1'],
} as const;

/** What a listener is made of beside its material. */
export interface TlsListenerOptions {
  readonly logger: Logger;
  readonly transport: TransportLimits;
  /** What answers are made of; default: Node's own. */
  readonly responseClass?: ResponseClass;
  /** Milliseconds since the epoch; default: the system's clock. */
  readonly now?: () => number;
}

/** Creates the listener (SR-28). Throws a `TlsMaterialError` for material that cannot be used. */
export function createTlsListener(
  material: TlsMaterial,
  { logger, transport, responseClass, now = Date.now }: TlsListenerOptions,
): TlsListener {
  assertTlsMaterial(material, now());
  let current = material;
  let server: Server | undefined;
  return {
    serverFactory(handler) {
      server = createServer(
        {
          ...secureContextOf(current),
          ...handshake,
          ALPNProtocols: [...handshake.ALPNProtocols],
          ...toServerOptions(transport),
          handshakeTimeout: transport.tlsHandshakeTimeoutMs,
          maxHeaderSize: MAX_HEADER_BYTES,
          requireHostHeader: false,
          ...(responseClass === undefined ? {} : { ServerResponse: responseClass }),
        },
        handler,
      );
      server.prependListener('tlsClientError', (error: NodeJS.ErrnoException, socket: Socket) => {
        logger.info({ reason: error.code, clientAddress: socket.remoteAddress }, 'a TLS handshake failed');
        socket.destroy();
      });
      return server;
    },
    reload(next) {
      assertTlsMaterial(next, now());
      server?.setSecureContext({ ...secureContextOf(next), secureOptions: handshake.secureOptions });
      current = next;
    },
  };
}
