import { getActiveResourcesInfo } from 'node:process';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { systemScheduler } from '../../src/rotation/scheduler.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Timers that keep this process alive. */
function holdingTimers(): number {
  return getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

describe('the system’s timers', () => {
  it('keep the process alive only where it is asked for', () => {
    const before = holdingTimers();
    const cancelReleased = systemScheduler.after(DAY_MS, () => undefined);
    expect(holdingTimers()).toBe(before);
    const cancelHolding = systemScheduler.afterHolding(DAY_MS, () => undefined);
    expect(holdingTimers()).toBe(before + 1);
    cancelReleased();
    cancelHolding();
    expect(holdingTimers()).toBe(before);
  });
});

describe('a timer of the system', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([1, 60_000, 24 * DAY_MS, 32 * DAY_MS, 100 * DAY_MS])('SR-52: runs after %d ms, not before', (delayMs) => {
    let runs = 0;
    systemScheduler.after(delayMs, () => {
      runs += 1;
    });
    vi.advanceTimersByTime(delayMs - 1);
    expect(runs).toBe(0);
    vi.advanceTimersByTime(1);
    expect(runs).toBe(1);
    vi.advanceTimersByTime(365 * DAY_MS);
    expect(runs).toBe(1);
  });

  it('does not run once it is cancelled, however long it has waited', () => {
    let runs = 0;
    const cancel = systemScheduler.afterHolding(100 * DAY_MS, () => {
      runs += 1;
    });
    vi.advanceTimersByTime(60 * DAY_MS);
    cancel();
    vi.advanceTimersByTime(100 * DAY_MS);
    expect(runs).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
