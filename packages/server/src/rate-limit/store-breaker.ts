import type { Logger } from '@redoubt/logging';
import type { CounterState, SharedStore } from '@redoubt/storage';

import { withinDeadline } from './within-deadline.ts';

/** What a breaker guards, and how patient it is. */
export interface StoreBreakerOptions {
  readonly store: Pick<SharedStore, 'increment'>;
  readonly deadlineMs: number;
  readonly probeIntervalMs: number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** Raised by probes alone: what a probe finds must hold for a real counter, its permission to write included. */
const PROBE_KEY = 'limit:probe';
const PROBE_TTL_MS = 1000;

/**
 * Counts in the shared store as long as it answers in time. One answer that is late or a fault opens the breaker: from
 * then on nobody waits for the store, and one probe after the other finds out in the background when it is back.
 */
export class StoreBreaker {
  readonly #options: StoreBreakerOptions;
  #state: 'closed' | 'open' | 'ended' = 'closed';
  #probe: NodeJS.Timeout | undefined;

  constructor(options: StoreBreakerOptions) {
    this.#options = options;
  }

  /** Raises the counter; `undefined` when the store is away. Never rejects, and takes the deadline at most. */
  async increment(key: string, ttlMs: number): Promise<CounterState | undefined> {
    if (this.#state !== 'closed') return undefined;
    const { store, deadlineMs } = this.#options;
    try {
      return await withinDeadline(store.increment(key, ttlMs), deadlineMs);
    } catch (error) {
      this.#open(error);
      return undefined;
    }
  }

  /** Asks no more. */
  end(): void {
    this.#state = 'ended';
    clearTimeout(this.#probe);
  }

  #open(error: unknown): void {
    // Others may have been waiting when the first one gave up.
    if (this.#state !== 'closed') return;
    this.#state = 'open';
    this.#options.logger.warn({ err: error }, 'rate limits go on without the shared store');
    this.#scheduleProbe();
  }

  #scheduleProbe(): void {
    this.#probe = setTimeout(() => {
      void this.#ask();
    }, this.#options.probeIntervalMs);
    this.#probe.unref();
  }

  async #ask(): Promise<void> {
    const { store, deadlineMs, logger } = this.#options;
    try {
      await withinDeadline(store.increment(PROBE_KEY, PROBE_TTL_MS), deadlineMs);
      if (this.#state !== 'open') return;
      this.#state = 'closed';
      logger.info('rate limits are shared again');
    } catch {
      // Still away, as the line that was written when the breaker opened says.
      if (this.#state === 'open') this.#scheduleProbe();
    }
  }
}
