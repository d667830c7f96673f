import { AsyncLocalStorage } from 'node:async_hooks';

import { TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';

/** Why spans never reached the collector; `closed`: the process was ending. */
export type LossReason = 'queue-full' | 'unreachable' | 'refused' | 'closed';

/** Told of spans that are lost. Must not throw. */
export type OnLost = (spans: number, reason: LossReason) => void;

/** Spans that wait at most, about 4 MiB: a collector that is away must not gather the service's memory. */
export const MAX_WAITING_SPANS = 2048;

/** Spans of one delivery: redacting and writing them holds the event loop for one to two milliseconds. */
export const MAX_BATCH_SPANS = 64;

/** Longest wait for a delivery to be filled: 5 s, as OpenTelemetry's own. */
const DELIVERY_DELAY_MS = 5000;

/** What the end of the process waits for a collector: a part of the 8 s after the listener (SR-38). */
const CLOSE_DEADLINE_MS = 2000;

/** What a queue needs. */
export interface SpanQueueOptions {
  /** Brings spans to the collector and tells how many of them it did not take. Must not reject. */
  readonly deliver: (spans: readonly ReadableSpan[], signal: AbortSignal) => Promise<SpanLoss | undefined>;
  readonly onLost: OnLost;
}

/** Spans of a delivery that are lost. */
interface SpanLoss {
  readonly spans: number;
  readonly reason: LossReason;
}

/**
 * Gathers the recorded spans and delivers them in batches, one at a time, once each. Whoever ends a span does not wait,
 * whatever the collector does: a full queue drops what comes.
 */
export class SpanQueue implements SpanProcessor {
  readonly #options: SpanQueueOptions;
  readonly #waiting: ReadableSpan[] = [];
  readonly #ending = new AbortController();
  /** A delivery belongs to no request: its log lines must not carry the ids of the one that began it. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #timer: NodeJS.Timeout | undefined;
  #delivering: Promise<void> | undefined;
  #state: 'open' | 'closed' = 'open';

  constructor(options: SpanQueueOptions) {
    this.#options = options;
  }

  /** Nothing to do: a span is looked at when it has ended. */
  onStart(): void {}

  /** Takes a span that has ended. Never throws and never waits. */
  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    if (this.#state === 'closed' || this.#waiting.length >= MAX_WAITING_SPANS) {
      this.#options.onLost(1, this.#state === 'closed' ? 'closed' : 'queue-full');
      return;
    }
    this.#waiting.push(span);
    if (this.#waiting.length >= MAX_BATCH_SPANS) this.#outside(() => this.#begin());
    else this.#timer ??= this.#outside(() => setTimeout(() => this.#begin(), DELIVERY_DELAY_MS).unref());
  }

  /** Resolves when nothing waits any more. */
  async forceFlush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#delivering !== undefined) {
      this.#begin();
      await this.#delivering;
    }
  }

  /** Delivers what waits, for 2 s at most, and takes nothing more. */
  async shutdown(): Promise<void> {
    this.#state = 'closed';
    const timer = setTimeout(() => this.#ending.abort(), CLOSE_DEADLINE_MS);
    await this.forceFlush();
    clearTimeout(timer);
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#delivering ??= this.#deliver();
  }

  async #deliver(): Promise<void> {
    // Whoever ended the last span goes on first.
    await Promise.resolve();
    do {
      const batch = this.#waiting.splice(0, MAX_BATCH_SPANS);
      const loss = await this.#options.deliver(batch, this.#ending.signal);
      if (loss !== undefined) this.#options.onLost(loss.spans, loss.reason);
    } while (this.#waiting.length >= MAX_BATCH_SPANS);
    this.#delivering = undefined;
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#begin(), DELIVERY_DELAY_MS).unref();
  }
}
