import { type Peer, PeerCertificateError, type PeerIdentifier } from '@redoubt/auth';
import { requestContext } from '@redoubt/logging';
import type { FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { keepClientAddress } from './01-correlation.ts';
import type { RequestObserver } from './request-observer.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who holds the other end of the connection; `null` on a listener without client certificates. */
    peer: Peer | null;
  }
}

/** What a hop says of the client behind it. A service has none. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'] as const;

/**
 * Makes the step that asks which certificate connected (SR-28). A connection that is not on the listener's list gets
 * 403 whatever it asks for, public routes included; any other fault of the check is a 500, and nobody passes (SR-30).
 */
export function createIdentifyPeer(identify: PeerIdentifier, observer: Pick<RequestObserver, 'peerRefused'>) {
  return (request: FastifyRequest): AppError | undefined => {
    try {
      request.peer = identify(request.raw);
    } catch (cause) {
      if (!(cause instanceof PeerCertificateError)) return new AppError('internal', { cause });
      observer.peerRefused(request, cause);
      return new AppError('forbidden', { cause });
    }
    if (request.peer.kind === 'service') enterAs(request, request.peer.serviceId);
    return undefined;
  };
}

/** The edge alone may say where a client is (SR-23): from a service, even one at a trusted address, it is dropped. */
function enterAs(request: FastifyRequest, serviceId: string): void {
  for (const name of FORWARDING_HEADERS) Reflect.deleteProperty(request.raw.headers, name);
  keepClientAddress(request);
  const context = requestContext.get();
  if (context !== undefined) context.serviceId = serviceId;
}
