import fastifyRateLimit, { type CreateRateLimitOptions } from '@fastify/rate-limit';
import { type CounterState, createMemoryStore, type SharedStore } from '@redoubt/storage';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import {
  MAX_EXCEEDED_CALLERS,
  MAX_LOCALLY_COUNTED_CALLERS,
  RATE_LIMIT_PROBE_INTERVAL_MS,
  RATE_LIMIT_STORE_DEADLINE_MS,
} from '../limits.ts';
import type { Metrics } from '../management/metrics.ts';
import { ExceededCallers } from './exceeded-callers.ts';
import type { DefaultRateLimits, RateLimitPolicy } from './rate-limit-policy.ts';
import { createRateLimitStore, plainKeyOf, RATE_LIMIT_PREFIX } from './rate-limit-store.ts';
import { StoreBreaker } from './store-breaker.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whom the request counts for, and against which limit; empty until it is counted. */
    limitedCaller: string;
  }
}

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

/** The plugin calls a caller banned from the second refusal in a window on, which tells the first one from the others. */
const BANNED_AFTER = 1;

/** What the plugin answers. Without a list of callers that are always allowed, it always counts. */
type PluginDecision = Exclude<Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>, { isAllowed: true }>;

/** What of it decides. */
type Decision = Pick<PluginDecision, 'key' | 'isExceeded' | 'isBanned' | 'remaining' | 'ttl'>;

/**
 * Makes limits of policies. @fastify/rate-limit decides over the store that it is given; its own hook is not used: it
 * would count before the caller is known, and ask the store for callers that it has just refused. A store of this process
 * is asked at once, without the plugin's promises; a test holds the answers of both ways to be the same
 * (docs/decisions/017).
 */
export class Limiter {
  readonly #app: FastifyInstance;
  readonly #store: RateLimitOptions['store'];
  readonly #context: LimiterContext;
  readonly #exceeded: ExceededCallers;
  /** By the seconds after which to come again: as many at most as the longest window has. */
  readonly #refusals = new Map<number, AppError>();

  private constructor(app: FastifyInstance, { store, now }: RateLimitOptions, context: LimiterContext) {
    this.#app = app;
    this.#store = store;
    this.#context = context;
    this.#exceeded = new ExceededCallers(now, MAX_EXCEEDED_CALLERS);
  }

  /** Registers the plugin over the counters that the options name. */
  static async install(app: FastifyInstance, options: RateLimitOptions, context: LimiterContext): Promise<Limiter> {
    const shared = new StoreBreaker({
      store: options.store,
      deadlineMs: options.storeDeadlineMs ?? RATE_LIMIT_STORE_DEADLINE_MS,
      probeIntervalMs: options.probeIntervalMs ?? RATE_LIMIT_PROBE_INTERVAL_MS,
      logger: app.log,
    });
    const local = createMemoryStore({ now: options.now, maxKeys: MAX_LOCALLY_COUNTED_CALLERS });
    app.decorateRequest('limitedCaller', '');
    app.addHook('onClose', (_app, done) => {
      shared.end();
      done();
    });
    await app.register(fastifyRateLimit, {
      global: false,
      ban: BANNED_AFTER,
      store: createRateLimitStore({ shared, local, count: context.metrics.countRateLimit }),
      keyGenerator: ({ limitedCaller }) => limitedCaller,
    });
    return new Limiter(app, options, context);
  }

  /** Makes the limit that enforces the policy. */
  limit(policy: RateLimitPolicy): Limit {
    const askPlugin = this.#app.createRateLimit(toPluginOptions(policy));
    const prefix = `${RATE_LIMIT_PREFIX}${policy.name}:`;
    return (request, reply, caller, done) => {
      const key = prefix + caller;
      const expiresInMs = this.#exceeded.expiresInMs(key);
      if (expiresInMs > 0) {
        done(this.#refuse(reply, policy, expiresInMs));
        return;
      }
      const decision = this.#decideNow(key, policy);
      if (decision !== undefined) {
        done(this.#settle(request, reply, policy, decision));
        return;
      }
      request.limitedCaller = key;
      (askPlugin(request) as Promise<PluginDecision>).then(
        (decided) => done(this.#settle(request, reply, policy, decided)),
        (cause: unknown) => done(toRefusal(cause)),
      );
    };
  }

  /** The decision over a store that answers at once; `undefined` over any other, and over one that fails: the plugin asks it. */
  #decideNow(key: string, { max, windowMs }: RateLimitPolicy): Decision | undefined {
    try {
      const counter = this.#store.incrementNow?.(plainKeyOf(key), windowMs);
      return counter === undefined ? undefined : decide(key, counter, max);
    } catch {
      // Nothing was counted. The plugin's way meets the fault again, and knows how to go on without the store.
      return undefined;
    }
  }

  #settle(
    request: FastifyRequest,
    reply: FastifyReply,
    policy: RateLimitPolicy,
    { isExceeded, isBanned, key, remaining, ttl }: Decision,
  ): AppError | undefined {
    if (!isExceeded) {
      setHeaders(reply, policy.max, remaining, secondsOf(ttl));
      return undefined;
    }
    this.#exceeded.add(key, ttl);
    if (!isBanned) this.#context.onLimited(request, policy.name);
    return this.#refuse(reply, policy, ttl);
  }

  #refuse(reply: FastifyReply, { max }: RateLimitPolicy, expiresInMs: number): AppError {
    const retryAfterSeconds = secondsOf(expiresInMs);
    setHeaders(reply, max, 0, retryAfterSeconds);
    this.#context.metrics.countRateLimit('limited');
    return this.#refusalOf(retryAfterSeconds);
  }

  /** One error for all who are told the same: its stack, which nobody reads, costs more than the rest of a refusal. */
  #refusalOf(retryAfterSeconds: number): AppError {
    const known = this.#refusals.get(retryAfterSeconds);
    if (known !== undefined) return known;
    const refusal = new AppError('too-many-requests', { retryAfterSeconds });
    this.#refusals.set(retryAfterSeconds, refusal);
    return refusal;
  }
}

/** Decides as @fastify/rate-limit does of the same counter. */
function decide(key: string, { count, expiresInMs }: CounterState, max: number): Decision {
  const isExceeded = count > max;
  const isBanned = count - max > BANNED_AFTER;
  return { key, isExceeded, isBanned, remaining: Math.max(0, max - count), ttl: expiresInMs };
}

function toPluginOptions({ max, windowMs, whenStoreIsAway }: RateLimitPolicy): CreateRateLimitOptions {
  // The plugin hands every option on to the store, and its type knows only its own.
  const options = { max, timeWindow: windowMs, whenStoreIsAway };
  return options;
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
