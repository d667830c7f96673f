import { createRequestLine, type Logger } from '@redoubt/logging';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Metrics } from '../management/metrics.ts';

/** What a request that matched no route is counted and logged under: a path of a scanner is not a label. */
const NO_ROUTE = '(none)';

/** The last hook of all. */
export type Observe = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

/** Makes the last hook: one log line and one measurement for each answer that was sent. */
export function createObserve(logger: Logger, metrics: Metrics): Observe {
  const writeLine = createRequestLine(logger);
  return (request, reply, done) => {
    const route = request.contract?.url ?? NO_ROUTE;
    const { method } = request;
    const durationMs = reply.elapsedTime;
    metrics.observeRequest(method, route, reply.statusCode, durationMs);
    const userId = request.principal?.userId;
    writeLine({
      method,
      route,
      status: reply.statusCode,
      durationMs,
      clientAddress: request.ip,
      requestId: request.id,
      ...(userId === undefined ? {} : { userId }),
    });
    done();
  };
}
