import { hash } from 'node:crypto';

import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { CounterState, SharedStore } from '@redoubt/storage';

import { AppError } from '../errors/app-error.ts';
import type { RateLimitOutcome } from '../management/metrics.ts';
import type { RateLimitPolicy } from './rate-limit-policy.ts';
import type { StoreBreaker } from './store-breaker.ts';

/** Where requests are counted. */
export interface RateLimitCounters {
  readonly shared: StoreBreaker;
  /** The counters of this process, for while the shared ones are out of reach. */
  readonly local: Pick<SharedStore, 'increment'>;
  readonly count: (outcome: RateLimitOutcome) => void;
}

/** What every key begins with, in either store. */
export const RATE_LIMIT_PREFIX = 'limit:';

/** The store is asked again within this many seconds. */
const RETRY_AFTER_SECONDS = 1;

type Callback = Parameters<FastifyRateLimitStore['incr']>[1];

/**
 * Makes the store that @fastify/rate-limit counts in. While the shared store is away, a policy either goes on with the
 * counters of this process, each caller starting anew, or refuses with 503 (SR-22, SR-30).
 *
 * The plugin makes one for itself, and a child for each policy out of that policy's own options.
 */
export function createRateLimitStore({ shared, local, count }: RateLimitCounters): FastifyRateLimitStoreCtor {
  return class RateLimitStore implements FastifyRateLimitStore {
    readonly #whenStoreIsAway: RateLimitPolicy['whenStoreIsAway'];

    constructor(options: Partial<Pick<RateLimitPolicy, 'whenStoreIsAway'>>) {
      this.#whenStoreIsAway = options.whenStoreIsAway ?? 'refuse';
    }

    incr(key: string, callback: Callback, windowMs: number): void {
      this.#increment(key, windowMs).then(
        ({ count: current, expiresInMs: ttl }) => callback(null, { current, ttl }),
        (error: unknown) => callback(error as Error),
      );
    }

    child(options: object): FastifyRateLimitStore {
      return new RateLimitStore(options);
    }

    async #increment(caller: string, windowMs: number): Promise<CounterState> {
      const key = keyOf(caller);
      const counter = await shared.increment(key, windowMs);
      if (counter !== undefined) return counter;
      if (this.#whenStoreIsAway === 'refuse') {
        count('refused');
        throw new AppError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
      }
      count('local');
      return local.increment(key, windowMs);
    }
  };
}

/** Longest key that a store of this process gets as it is, in UTF-16 units: within the bound of keys in any writing. */
const MAX_PLAIN_UNITS = 128;

/** The key of a caller in a store of this process, where nobody else reads it: a digest would cost more than the counting. */
export function plainKeyOf(caller: string): string {
  return caller.length > MAX_PLAIN_UNITS ? keyOf(caller) : caller;
}

/** A digest: the store's keys show no address of a person, and their length is bounded. */
function keyOf(caller: string): string {
  return `${RATE_LIMIT_PREFIX}${hash('sha256', caller, 'base64url')}`;
}
