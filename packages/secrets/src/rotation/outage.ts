import type { SecretError, SecretErrorCode } from '../secret-error.ts';

/** The refreshes of one document that failed since the last one that did not. */
export class Outage {
  #failures = 0;
  #sinceMs = 0;
  #lastCode: SecretErrorCode | undefined;

  /** Counts a failure; whether it is the first one. */
  add(error: SecretError, nowMs: number): 'began' | 'goes-on' {
    this.#failures += 1;
    this.#lastCode = error.code;
    if (this.#failures > 1) return 'goes-on';
    this.#sinceMs = nowMs;
    return 'began';
  }

  /** Ends it: how long it was, or `undefined` when there was none. */
  end(nowMs: number): number | undefined {
    if (this.#failures === 0) return undefined;
    this.#failures = 0;
    // A clock that was set back makes no outage of a negative length.
    return Math.max(nowMs - this.#sinceMs, 0);
  }

  get failures(): number {
    return this.#failures;
  }

  /** When it began, and what the last failure was; nothing where there is none. */
  get status(): { readonly failedSinceMs?: number; readonly lastFailure?: SecretErrorCode } {
    if (this.#failures === 0 || this.#lastCode === undefined) return {};
    return { failedSinceMs: this.#sinceMs, lastFailure: this.#lastCode };
  }
}
