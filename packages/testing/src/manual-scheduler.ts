import { setImmediate } from 'node:timers/promises';

import { createManualClock, type ManualClock } from './manual-clock.ts';

/** A clock with timers, which run when it is told to go, in order, each at its own instant. */
export interface ManualScheduler {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Runs the task once, unless it is taken back. */
  readonly after: (delayMs: number, task: () => void) => () => void;
  /** The same, for timers that keep a process alive. */
  readonly afterHolding: (delayMs: number, task: () => void) => () => void;
  /** Lets time pass. After each timer, and at the end, everything that awaits goes on as far as it can. */
  advance(milliseconds: number): Promise<void>;
  /** When the waiting timers of each sort are due, in milliseconds from now. */
  due(): { readonly released: readonly number[]; readonly holding: readonly number[] };
}

interface Timer {
  readonly sort: 'released' | 'holding';
  readonly dueAtMs: number;
  readonly task: () => void;
}

/** Creates a scheduler for tests: time passes only through `advance`. */
export function createManualScheduler(clock: ManualClock = createManualClock()): ManualScheduler {
  const timers = new Set<Timer>();

  const start = (sort: Timer['sort'], delayMs: number, task: () => void): (() => void) => {
    const timer = { sort, dueAtMs: clock.now() + delayMs, task };
    timers.add(timer);
    return () => timers.delete(timer);
  };

  const runNext = (untilMs: number): 'ran' | 'none' => {
    // Timers of one instant run in the order in which they were made.
    const [next] = [...timers].toSorted((one, other) => one.dueAtMs - other.dueAtMs);
    if (next === undefined || next.dueAtMs > untilMs) return 'none';
    timers.delete(next);
    clock.advance(Math.max(next.dueAtMs - clock.now(), 0));
    next.task();
    return 'ran';
  };

  const dueIn = (sort: Timer['sort']): readonly number[] =>
    [...timers].filter((timer) => timer.sort === sort).map(({ dueAtMs }) => dueAtMs - clock.now());

  return {
    now: clock.now,
    after: (delayMs, task) => start('released', delayMs, task),
    afterHolding: (delayMs, task) => start('holding', delayMs, task),
    async advance(milliseconds) {
      const untilMs = clock.now() + milliseconds;
      // A turn of the event loop: every promise that can go on has gone on by then.
      do await setImmediate();
      while (runNext(untilMs) === 'ran');
      clock.advance(untilMs - clock.now());
    },
    due: () => ({ released: dueIn('released'), holding: dueIn('holding') }),
  };
}
