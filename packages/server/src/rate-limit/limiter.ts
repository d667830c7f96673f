import type { CounterState, SharedStore } from '@redoubt/storage';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { MAX_EXCEEDED_CALLERS, RATE_LIMIT_PROBE_INTERVAL_MS, RATE_LIMIT_STORE_DEADLINE_MS } from '../limits.ts';
import type { Metrics } from '../management/metrics.ts';
import { ExceededCallers } from './exceeded-callers.ts';
import type { DefaultRateLimits, RateLimitPolicy } from './rate-limit-policy.ts';
import { RateLimitCounters } from './rate-limit-counters.ts';
import { StoreBreaker } from './store-breaker.ts';

/** Told once for each caller and window that goes over a limit, whichever replica sees it; `limit` is its name. */
type OnLimited = (request: FastifyRequest, limit: string) => void;

/** Where requests are counted, and by which clock. */
export interface RateLimitOptions extends DefaultRateLimits {
  /** Seen by every replica (SR-22). */
  readonly store: Pick<SharedStore, 'increment' | 'incrementNow'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Default: {@link RATE_LIMIT_STORE_DEADLINE_MS}. */
  readonly storeDeadlineMs?: number;
  /** Default: {@link RATE_LIMIT_PROBE_INTERVAL_MS}. */
  readonly probeIntervalMs?: number;
}

/** Counts one request of the caller; hands on a refusal, or nothing. Sets the headers of either answer. */
export type Limit = (
  request: FastifyRequest,
  reply: FastifyReply,
  caller: string,
  done: (refusal?: AppError) => void,
) => void;

/** What a limiter works with beside its options. */
export interface LimiterContext {
  readonly metrics: Pick<Metrics, 'countRateLimit'>;
  readonly onLimited: OnLimited;
}

/** A store that failed in a way nobody foresaw is asked again, too. */
const RETRY_AFTER_SECONDS = 1;

/**
 * Makes limits of policies: a window that begins with a caller's first request takes so many of them. Who is over a limit
 * is remembered, and the store is not asked about them again within the window (docs/decisions/017, 031).
 */
export class Limiter {
  readonly #counters: RateLimitCounters;
  readonly #context: LimiterContext;
  readonly #exceeded: ExceededCallers;
  /** By the seconds after which to come again: as many at most as the longest window has. */
  readonly #refusals = new Map<number, AppError>();

  private constructor(counters: RateLimitCounters, now: () => number, context: LimiterContext) {
    this.#counters = counters;
    this.#context = context;
    this.#exceeded = new ExceededCallers(now, MAX_EXCEEDED_CALLERS);
  }

  /** Makes a limiter over the counters that the options name; it ends with the app. */
  static install(app: FastifyInstance, options: RateLimitOptions, context: LimiterContext): Limiter {
    const shared = new StoreBreaker({
      store: options.store,
      deadlineMs: options.storeDeadlineMs ?? RATE_LIMIT_STORE_DEADLINE_MS,
      probeIntervalMs: options.probeIntervalMs ?? RATE_LIMIT_PROBE_INTERVAL_MS,
      logger: app.log,
    });
    app.addHook('onClose', (_app, done) => {
      shared.end();
      done();
    });
    const { store, now } = options;
    const counters = new RateLimitCounters({ store, shared, now, count: context.metrics.countRateLimit });
    return new Limiter(counters, now, context);
  }

  /** Makes the limit that enforces the policy. */
  limit(policy: RateLimitPolicy): Limit {
    return (request, reply, caller, done) => {
      const key = `${policy.name}:${caller}`;
      const expiresInMs = this.#exceeded.expiresInMs(key);
      if (expiresInMs > 0) {
        done(this.#refuse(reply, policy, expiresInMs));
        return;
      }
      const counter = this.#raise(policy, key);
      if (counter instanceof Promise)
        counter.then(
          (late) => done(this.#settle(request, reply, { policy, key, counter: late })),
          (cause: unknown) => done(toRefusal(cause)),
        );
      else done(this.#settle(request, reply, { policy, key, counter }));
    };
  }

  /** A fault of a store in this process is one of any store. */
  #raise(policy: RateLimitPolicy, key: string): CounterState | Promise<CounterState> {
    try {
      return this.#counters.raise(policy, key);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #settle(
    request: FastifyRequest,
    reply: FastifyReply,
    { policy, key, counter }: { policy: RateLimitPolicy; key: string; counter: CounterState },
  ): AppError | undefined {
    const { count, expiresInMs } = counter;
    const { max, name } = policy;
    if (count <= max) {
      setHeaders(reply, max, max - count, secondsOf(expiresInMs));
      return undefined;
    }
    this.#exceeded.add(key, expiresInMs);
    // The first one over the limit, whichever replica meets it.
    if (count === max + 1) this.#context.onLimited(request, name);
    return this.#refuse(reply, policy, expiresInMs);
  }

  #refuse(reply: FastifyReply, { max }: RateLimitPolicy, expiresInMs: number): AppError {
    const retryAfterSeconds = secondsOf(expiresInMs);
    setHeaders(reply, max, 0, retryAfterSeconds);
    this.#context.metrics.countRateLimit('limited');
    return this.#refusalOf(retryAfterSeconds);
  }

  /** One error for all who are told the same: its stack, which nobody asks for, costs as much as the rest of a refusal. */
  #refusalOf(retryAfterSeconds: number): AppError {
    const known = this.#refusals.get(retryAfterSeconds);
    if (known !== undefined) return known;
    const refusal = new AppError('too-many-requests', { retryAfterSeconds });
    this.#refusals.set(retryAfterSeconds, refusal);
    return refusal;
  }
}

/** Whatever the decision failed by, nobody passes uncounted (SR-30). */
function toRefusal(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError('unavailable', { cause, retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/** Up: a client that comes back a moment early would be refused again. */
function secondsOf(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}

function setHeaders(reply: FastifyReply, limit: number, remaining: number, resetSeconds: number): void {
  reply.header('ratelimit-limit', limit);
  reply.header('ratelimit-remaining', remaining);
  reply.header('ratelimit-reset', resetSeconds);
}
