import type { Peer, Principal } from '@redoubt/auth';
import { createRequestLine, type Logger } from '@redoubt/logging';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Metrics } from '../management/metrics.ts';

/** What a request that matched no route is counted and logged under: a path of a scanner is not a label. */
const NO_ROUTE = '(none)';

/** Watches one request to its end. */
export type Observe = (request: FastifyRequest, reply: FastifyReply) => void;

/** What is logged of a request whose client went away before the answer was out; never sent. */
const STATUS_CLIENT_GONE = 499;

/**
 * Makes what writes one log line, takes one measurement and ends the span for each request, when its connection is done
 * with it: answered or not. Nobody passes unseen by hanging up. `onConcluded` is told of each request at that moment.
 */
export function createObserve(
  logger: Logger,
  metrics: Metrics,
  onConcluded: (reply: FastifyReply) => void = () => undefined,
): Observe {
  const writeLine = createRequestLine(logger);
  return (request, reply) => {
    let seen = false;
    const conclude = (): void => {
      if (seen) return;
      seen = true;
      onConcluded(reply);
      const { method } = request;
      const route = request.contract?.url ?? NO_ROUTE;
      const status = reply.raw.writableEnded ? reply.statusCode : STATUS_CLIENT_GONE;
      const durationMs = reply.elapsedTime;
      const userId = request.principal?.kind === 'user' ? request.principal.userId : undefined;
      const serviceId = serviceIdOf(request.principal) ?? serviceIdOf(request.peer);
      metrics.observeRequest(method, route, status, durationMs);
      const { clientAddress, id: requestId, trace, span } = request;
      const ids = { requestId, traceId: trace?.traceId, spanId: trace?.spanId };
      writeLine({ method, route, status, durationMs, userId, serviceId, clientAddress, ...ids });
      span?.end({ route: request.contract?.url, status });
    };
    // Not once(): it makes a wrapper for each, and takes it away again, and the first of the two is all that counts.
    reply.raw.on('finish', conclude);
    // The connection's end alone: nobody is there to take the answer.
    reply.raw.on('close', conclude);
  };
}

/** A service that calls, or that forwards the call of a user. */
function serviceIdOf(proven: Principal | Peer | null): string | undefined {
  return proven?.kind === 'service' ? proven.serviceId : undefined;
}
