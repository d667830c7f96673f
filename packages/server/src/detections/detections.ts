import {
  DeliveryQueue,
  type Logger,
  requestContext,
  type SecurityEventFacts,
  type SecurityEventName,
} from '@redoubt/logging';
import { createMemoryStore, type SharedStore, SharedStoreUnavailableError } from '@redoubt/storage';

import { type DetectionRule, detectionRules } from './detection-rules.ts';
import { accountKeyOf, keyOf, type Signal } from './signal.ts';
import { WindowCounter } from './window-counter.ts';

/** Signals that wait to be counted: some seconds of a flood. */
const MAX_QUEUED_SIGNALS = 5_000;

/** Signals that are counted at once: the store's connection carries them together. */
const MAX_BATCH_SIGNALS = 50;

/** Keys of the local twin while the store is away: some 20 MB. */
const MAX_LOCAL_KEYS = 100_000;

/** How long the store is left alone after it did not answer: each try may take its whole timeout. */
const STORE_PAUSE_MS = 5_000;

/** Keys that have had their alert and are remembered here, so that the rest of a flood costs nothing. */
const MAX_QUIET_KEYS = 10_000;

/** What detections measure. */
export interface DetectionMetrics {
  countAlert(rule: string): void;
  /** One signal was counted by this replica alone. */
  countLocalDetection(): void;
  countDroppedSignal(): void;
}

/** What `createDetections` needs. */
export interface DetectionsOptions {
  readonly store: SharedStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly logger: Logger;
  readonly metrics: DetectionMetrics;
  /** Raises the event that is the alert. */
  readonly raise: (name: SecurityEventName, facts: SecurityEventFacts) => void;
  /** Default: {@link detectionRules}. */
  readonly rules?: readonly DetectionRule[];
}

/** Counts what happens, and tells when it is an attack. */
export interface Detections {
  /** Queues a signal to be counted; returns without waiting, and never throws. */
  observe(signal: Signal): void;
  /** Resolves when every signal so far has been counted. */
  settled(): Promise<void>;
}

/**
 * Makes the detections (SR-46). All replicas count together in the shared store, and there is one alert for each rule,
 * key and window. While the store is away each replica counts alone, and a metric says so. Nothing of it runs inside a
 * request, and no failure reaches one.
 */
export function createDetections(options: DetectionsOptions): Detections {
  return new StoreDetections(options);
}

class StoreDetections implements Detections {
  readonly #options: DetectionsOptions;
  readonly #rules: readonly DetectionRule[];
  readonly #queue: DeliveryQueue<Signal>;
  readonly #local: SharedStore;
  readonly #quietUntil = new Map<string, number>();
  #storeAwayUntil = 0;

  constructor(options: DetectionsOptions) {
    const { logger, now } = options;
    this.#options = options;
    this.#rules = options.rules ?? detectionRules;
    this.#local = createMemoryStore({ now, maxKeys: MAX_LOCAL_KEYS });
    this.#queue = new DeliveryQueue<Signal>({
      maxItems: MAX_QUEUED_SIGNALS,
      maxBatch: MAX_BATCH_SIGNALS,
      deliver: async (signals) => {
        await Promise.all(signals.map((signal) => this.#examine(signal)));
      },
      onFailure: (_signals, error) => logger.error({ err: error }, 'a detection failed'),
      onOverflow: () => logger.warn({ maxQueuedSignals: MAX_QUEUED_SIGNALS }, 'signals of detections are dropped'),
    });
  }

  observe(signal: Signal): void {
    if (!this.#rules.some((rule) => this.#isOpen(rule, signal))) return;
    const { dropped } = this.#queue.counts;
    this.#queue.add(signal);
    if (this.#queue.counts.dropped > dropped) this.#options.metrics.countDroppedSignal();
  }

  settled(): Promise<void> {
    return this.#queue.settled();
  }

  /** Whether the rule counts the signal, and has not told of its key a short while ago. */
  #isOpen(rule: DetectionRule, signal: Signal): boolean {
    if (rule.counts !== signal.name) return false;
    const key = keyOf(rule, signal);
    return key !== undefined && (this.#quietUntil.get(key) ?? 0) <= this.#options.now();
  }

  async #examine(signal: Signal): Promise<void> {
    for (const rule of this.#rules) {
      if (this.#isOpen(rule, signal)) await this.#apply(rule, signal);
    }
  }

  async #apply(rule: DetectionRule, signal: Signal): Promise<void> {
    const { now, logger, store, metrics } = this.#options;
    if (now() >= this.#storeAwayUntil) {
      try {
        await this.#count(store, rule, signal);
        return;
      } catch (error) {
        if (!(error instanceof SharedStoreUnavailableError)) throw error;
        this.#storeAwayUntil = now() + STORE_PAUSE_MS;
        logger.warn({ err: error }, 'the shared store is away: detections count for this replica alone');
      }
    }
    metrics.countLocalDetection();
    await this.#count(this.#local, rule, signal);
  }

  async #count(store: SharedStore, rule: DetectionRule, signal: Signal): Promise<void> {
    const key = keyOf(rule, signal) ?? '';
    const { windowMs, threshold, accounts: minAccounts = 0 } = rule;
    const counter = new WindowCounter(store, this.#options.now);
    const [count, accounts] = await Promise.all([
      counter.add(key, windowMs),
      minAccounts === 0 ? 0 : counter.addMember(`${key}:accounts`, accountKeyOf(signal), windowMs),
    ]);
    if (count < threshold || accounts < minAccounts) return;
    const isFirst = await store.setIfAbsent(`${key}:alerted`, '1', windowMs);
    this.#quiet(key, windowMs);
    if (isFirst) this.#alert(rule, signal, { count, accounts });
  }

  #quiet(key: string, windowMs: number): void {
    if (this.#quietUntil.size >= MAX_QUIET_KEYS) this.#quietUntil.clear();
    this.#quietUntil.set(key, this.#options.now() + windowMs);
  }

  #alert(rule: DetectionRule, signal: Signal, seen: { count: number; accounts: number }): void {
    const { metrics, raise } = this.#options;
    metrics.countAlert(rule.name);
    const report = (): void => raise(rule.raises, factsOf(rule, signal, seen));
    // The request that went over the threshold leads to the others.
    if (signal.requestId === undefined) report();
    else requestContext.run({ requestId: signal.requestId }, report);
  }
}

/** Of an address nothing else is told: whom else the last signal named is one of many. */
function factsOf(rule: DetectionRule, signal: Signal, seen: { count: number; accounts: number }): SecurityEventFacts {
  const { actorId, subjectId, clientAddress, details } = signal;
  const account = details?.['account'];
  return {
    ...(clientAddress === undefined ? {} : { clientAddress }),
    ...(rule.per === 'address' || actorId === undefined ? {} : { actorId }),
    ...(rule.per === 'address' || subjectId === undefined ? {} : { subjectId }),
    details: {
      count: Math.floor(seen.count),
      ...(rule.accounts === undefined ? {} : { accounts: Math.floor(seen.accounts) }),
      ...(rule.per === 'account' && account !== undefined ? { account } : {}),
    },
  };
}
