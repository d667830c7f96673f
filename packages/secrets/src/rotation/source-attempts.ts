import { SecretError } from '../secret-error.ts';
import type { CancelTimer, Scheduler } from './scheduler.ts';
import { asSecretError } from './source-fault.ts';

/** Longest attempt: a source answers in milliseconds, or is away. */
const ATTEMPT_TIMEOUT_MS = 3_000;

/** The first pause is drawn from 0 to this; each one that follows from 0 to twice as much (full jitter). */
const FIRST_PAUSE_MS = 200;

/** Longest pause: at a start the source may come up at any moment. */
const MAX_PAUSE_MS = 5_000;

/** How long a source is tried, and how often. */
export interface AttemptPlan {
  readonly maxAttempts: number;
  /** Everything together: attempts, and the pauses between them. */
  readonly deadlineMs: number;
  /** Whether the process lives for it. */
  readonly timer: keyof Scheduler;
}

/** In the background, where the last good value serves on: a short hiccup is bridged, a longer one is an outage. */
export const refreshPlan: AttemptPlan = { maxAttempts: 3, deadlineMs: 10_000, timer: 'after' };

/** At a start, where there is no value yet: the deadline ends it; the count only bounds a run of tiny pauses. */
export const bootPlan: AttemptPlan = { maxAttempts: 20, deadlineMs: 30_000, timer: 'afterHolding' };

/** What attempts need. */
export interface SourceAttemptsOptions {
  /** What is asked for, as errors name it. */
  readonly document: string;
  readonly plan: AttemptPlan;
  readonly scheduler: Scheduler;
  /** From 0 to less than 1. */
  readonly random: () => number;
}

/** Something that asks a source, and stops when the signal says so. */
export type SourceCall<T> = (signal: AbortSignal) => Promise<T>;

/** Attempts at one source, one after the other, below one deadline. Disposed of when they are over. */
export class SourceAttempts implements Disposable {
  readonly #options: SourceAttemptsOptions;
  readonly #cancelDeadline: CancelTimer;
  #underWay: AbortController | undefined;
  #ended: SecretError | undefined;

  constructor(options: SourceAttemptsOptions) {
    this.#options = options;
    const { document, plan } = options;
    this.#cancelDeadline = this.#after(plan.deadlineMs, () => this.end(new SecretError('timeout', document)));
  }

  /** Ends the attempt or the pause that is under way; no other begins. */
  end(error: SecretError): void {
    this.#ended ??= error;
    this.#underWay?.abort(error);
  }

  /**
   * One attempt. It ends in time even when the call does not: an answer that comes later is nobody's.
   *
   * @throws {SecretError}
   */
  async once<T>(call: SourceCall<T>): Promise<T> {
    const attempt = this.#begin();
    const { document } = this.#options;
    const cancel = this.#after(ATTEMPT_TIMEOUT_MS, () => attempt.abort(new SecretError('timeout', document)));
    try {
      return await Promise.race([call(attempt.signal), abortOf(attempt.signal)]);
    } catch (error) {
      // How a call ends that was aborted is its own affair; why it was aborted is what counts.
      throw asSecretError(attempt.signal.aborted ? attempt.signal.reason : error, document);
    } finally {
      cancel();
    }
  }

  /**
   * Attempts until one succeeds, fails for a lasting reason, or was the last one.
   *
   * @throws {SecretError} of the last attempt.
   */
  async retry<T>(call: SourceCall<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(call);
      } catch (error) {
        if (attempt === this.#options.plan.maxAttempts || !isTransient(error)) throw error;
        await this.#pause(attempt);
        if (this.#ended !== undefined) throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    this.#cancelDeadline();
  }

  #begin(): AbortController {
    if (this.#ended !== undefined) throw this.#ended;
    this.#underWay = new AbortController();
    return this.#underWay;
  }

  /** Ends early when everything ends. */
  async #pause(attempt: number): Promise<void> {
    if (this.#ended !== undefined) return;
    const longestMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), MAX_PAUSE_MS);
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#after(this.#options.random() * longestMs, resolve);
    this.#begin().signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    cancel();
  }

  #after(delayMs: number, task: () => void): CancelTimer {
    const { scheduler, plan } = this.#options;
    return scheduler[plan.timer](delayMs, task);
  }
}

function isTransient(error: unknown): boolean {
  return error instanceof SecretError && error.isTransient;
}

/** Rejects when the signal aborts. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as SecretError), { once: true });
  });
}
