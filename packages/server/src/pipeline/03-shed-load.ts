import fastifyUnderPressure from '@fastify/under-pressure';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { EVENT_LOOP_SAMPLE_INTERVAL_MS, MAX_EVENT_LOOP_DELAY_MS, MAX_REQUESTS_IN_FLIGHT } from '../limits.ts';
import type { Metrics } from '../management/metrics.ts';
import type { InFlight } from '../overload/in-flight.ts';

/** When a server turns requests away; each absent number has its constant in `limits.ts`. */
export interface OverloadLimits {
  readonly maxRequestsInFlight?: number;
  readonly maxEventLoopDelayMs?: number;
  readonly sampleIntervalMs?: number;
}

/** What is shed may come again after this many seconds: an overload passes, or a load balancer finds another replica. */
const RETRY_AFTER_SECONDS = 1;

/** One for all: making an error costs more than the rest of a refusal, and this one has nothing to tell but its code. */
const overloaded = new AppError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });

type Done = (error?: Error) => void;

/**
 * Installs step 3 (SR-40): a request that could not be served in time is answered 503 before anything of it is looked
 * at, its token and its body included, so that those before it are served in time. `'never'` is for a listener that only
 * the inside of the network reaches: its probes must tell the truth on a bad day most of all.
 */
export async function installShedding(
  app: FastifyInstance,
  limits: OverloadLimits | 'never',
  { inFlight, metrics }: { readonly inFlight: InFlight; readonly metrics: Pick<Metrics, 'countShed'> },
): Promise<void> {
  const maxInFlight = limits === 'never' ? Infinity : (limits.maxRequestsInFlight ?? MAX_REQUESTS_IN_FLIGHT);
  if (limits !== 'never')
    await app.register(fastifyUnderPressure, {
      maxEventLoopDelay: limits.maxEventLoopDelayMs ?? MAX_EVENT_LOOP_DELAY_MS,
      sampleInterval: limits.sampleIntervalMs ?? EVENT_LOOP_SAMPLE_INTERVAL_MS,
      pressureHandler: () => {
        metrics.countShed('event-loop');
        throw overloaded;
      },
    });
  app.addHook('onRequest', (_request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    if (inFlight.size >= maxInFlight) {
      metrics.countShed('in-flight');
      done(overloaded);
      return;
    }
    inFlight.begin(reply);
    done();
  });
  app.addHook('onClose', (_app, done) => {
    inFlight.close();
    done();
  });
}

/** The hooks of a route that takes a body: while the body is on its way, the request is in nobody's way. */
export function createBodyWait(inFlight: InFlight) {
  return {
    before(_request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: () => void): void {
      inFlight.end(reply);
      done();
    },
    after(_request: FastifyRequest, reply: FastifyReply, done: Done): void {
      inFlight.begin(reply);
      done();
    },
  };
}
