import fastifyUnderPressure from '@fastify/under-pressure';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { createBareRefusal } from '../errors/bare-refusal.ts';
import { EVENT_LOOP_SAMPLE_INTERVAL_MS, MAX_EVENT_LOOP_DELAY_MS, MAX_REQUESTS_IN_FLIGHT } from '../limits.ts';
import type { Metrics, ShedReason } from '../management/metrics.ts';
import type { InFlight } from '../overload/in-flight.ts';
import { keepClientAddress } from './01-correlation.ts';
import type { Headers } from './12-headers.ts';
import type { Observe } from './12-observe.ts';

/** When a server turns requests away; each absent number has its constant in `limits.ts`. */
export interface OverloadLimits {
  readonly maxRequestsInFlight?: number;
  readonly maxEventLoopDelayMs?: number;
  readonly sampleIntervalMs?: number;
}

/** What is shed may come again after this many seconds: an overload passes, or a load balancer finds another replica. */
const RETRY_AFTER_SECONDS = 1;

/** What shedding works with. */
export interface SheddingContext {
  readonly headers: Headers;
  readonly observe: Observe;
  readonly inFlight: InFlight;
  readonly metrics: Pick<Metrics, 'countShed'>;
}

type Done = () => void;

/**
 * Installs step 3 (SR-40): a request that could not be served in time is answered 503 before anything of it is looked
 * at, so that those before it are served in time. It stands before all other steps and takes none of them, for at twice
 * the rate that a server can serve it runs as often as all the rest. `'never'` is for a listener that only the inside of
 * the network reaches: its probes must tell the truth on a bad day most of all.
 */
export async function installShedding(
  app: FastifyInstance,
  limits: OverloadLimits | 'never',
  { headers, observe, inFlight, metrics }: SheddingContext,
): Promise<void> {
  const refuse = createBareRefusal(new AppError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS }), headers);
  const shed = (request: FastifyRequest, reply: FastifyReply, reason: ShedReason): void => {
    keepClientAddress(request);
    observe(request, reply);
    metrics.countShed(reason);
    refuse(reply);
  };
  const maxInFlight = limits === 'never' ? Infinity : (limits.maxRequestsInFlight ?? MAX_REQUESTS_IN_FLIGHT);
  if (limits !== 'never')
    await app.register(fastifyUnderPressure, {
      maxEventLoopDelay: limits.maxEventLoopDelayMs ?? MAX_EVENT_LOOP_DELAY_MS,
      sampleInterval: limits.sampleIntervalMs ?? EVENT_LOOP_SAMPLE_INTERVAL_MS,
      pressureHandler: (request, reply) => shed(request, reply, 'event-loop'),
    });
  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    if (inFlight.size >= maxInFlight) {
      shed(request, reply, 'in-flight');
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
    before(_request: FastifyRequest, reply: FastifyReply, _payload: unknown, done: Done): void {
      inFlight.wait(reply);
      done();
    },
    after(_request: FastifyRequest, reply: FastifyReply, done: Done): void {
      inFlight.begin(reply);
      done();
    },
  };
}
