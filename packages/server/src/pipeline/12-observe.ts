import { createRequestLine, type Logger } from '@redoubt/logging';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Metrics } from '../management/metrics.ts';

/** What a request that matched no route is counted and logged under: a path of a scanner is not a label. */
const NO_ROUTE = '(none)';

/** Makes the last hook of all: one log line and one measurement for each answer that was sent. */
export function createObserve(logger: Logger, metrics: Metrics) {
  const writeLine = createRequestLine(logger);
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const route = request.is404 ? NO_ROUTE : (request.routeOptions.url ?? NO_ROUTE);
    const { method } = request;
    const durationMs = reply.elapsedTime;
    metrics.observeRequest(method, route, reply.statusCode, durationMs);
    const userId = request.principal?.kind === 'user' ? request.principal.userId : undefined;
    const serviceId = request.peer?.kind === 'service' ? request.peer.serviceId : undefined;
    writeLine({
      method,
      route,
      status: reply.statusCode,
      durationMs,
      clientAddress: request.ip,
      requestId: request.id,
      ...(userId === undefined ? {} : { userId }),
      ...(serviceId === undefined ? {} : { serviceId }),
    });
    done();
  };
}
