import { hash } from 'node:crypto';

import { createMemoryStore, type CounterState, type SharedStore } from '@redoubt/storage';

import { AppError } from '../errors/app-error.ts';
import { MAX_LOCALLY_COUNTED_CALLERS } from '../limits.ts';
import type { RateLimitOutcome } from '../management/metrics.ts';
import type { RateLimitPolicy } from './rate-limit-policy.ts';
import type { StoreBreaker } from './store-breaker.ts';

/** Where requests are counted. */
export interface RateLimitCountersOptions {
  readonly store: Pick<SharedStore, 'incrementNow'>;
  /** The same store behind its breaker. */
  readonly shared: StoreBreaker;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly count: (outcome: RateLimitOutcome) => void;
}

/** The store is asked again within this many seconds. */
const RETRY_AFTER_SECONDS = 1;

/**
 * Counts the requests of callers. A store in this process answers at once, and cannot be away; what is asked over a network
 * is asked through its breaker. While it is away, a policy either goes on with the counters of this process, each caller
 * starting anew, or refuses with 503 (SR-22, SR-30).
 */
export class RateLimitCounters {
  readonly #options: RateLimitCountersOptions;
  readonly #local: SharedStore;

  constructor(options: RateLimitCountersOptions) {
    this.#options = options;
    this.#local = createMemoryStore({ now: options.now, maxKeys: MAX_LOCALLY_COUNTED_CALLERS });
  }

  /** Counts one request; at once where that can be said at once. Rejects with 503 when nobody may count. */
  raise({ windowMs, whenStoreIsAway }: RateLimitPolicy, caller: string): CounterState | Promise<CounterState> {
    const counted = this.#options.store.incrementNow?.(plainKeyOf(caller), windowMs);
    return counted ?? this.#raiseShared(keyOf(caller), windowMs, whenStoreIsAway);
  }

  async #raiseShared(
    key: string,
    windowMs: number,
    whenStoreIsAway: RateLimitPolicy['whenStoreIsAway'],
  ): Promise<CounterState> {
    const { shared, count } = this.#options;
    const counter = await shared.increment(key, windowMs);
    if (counter !== undefined) return counter;
    if (whenStoreIsAway === 'refuse') {
      count('refused');
      throw new AppError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    count('local');
    return this.#local.increment(key, windowMs);
  }
}

/** Longest caller whose key in this process is its name, in UTF-16 units: within the bound of keys in any writing. */
const MAX_PLAIN_UNITS = 128;

/** In this process nobody else reads the keys: a digest would cost as much as the counting. */
function plainKeyOf(caller: string): string {
  return caller.length > MAX_PLAIN_UNITS ? keyOf(caller) : `limit:${caller}`;
}

/** A digest: the keys of a server show no address of a person, and their length is bounded. */
function keyOf(caller: string): string {
  return `limit:${hash('sha256', caller, 'base64url')}`;
}
