/** A clock that stands still until it is told to go. */
export interface ManualClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  advance(milliseconds: number): void;
}

/** An instant in the past that no test depends on. */
const DEFAULT_START_MS = Date.UTC(2026, 0, 15, 12, 0, 0);

/** Creates a clock for tests: time passes only through `advance`. */
export function createManualClock(startMs: number = DEFAULT_START_MS): ManualClock {
  let current = startMs;
  return {
    now: () => current,
    advance(milliseconds) {
      current += milliseconds;
    },
  };
}
