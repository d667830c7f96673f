import { createManualClock } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';

import { ExceededCallers } from '../../src/rate-limit/exceeded-callers.ts';

describe('callers over their limit', () => {
  it('are known until their window ends, and not longer', () => {
    const clock = createManualClock();
    const callers = new ExceededCallers(clock.now, 10);
    callers.add('one', 1000);
    clock.advance(999);
    expect(callers.expiresInMs('one')).toBe(1);
    expect(callers.expiresInMs('another')).toBe(0);
    clock.advance(1);
    expect(callers.expiresInMs('one')).toBe(0);
  });

  it('SR-22: are as many as fit, so that a flood of addresses does not fill the memory; the oldest is forgotten', () => {
    const callers = new ExceededCallers(createManualClock().now, 3);
    for (const key of ['one', 'two', 'three', 'four']) callers.add(key, 1000);
    expect(['one', 'two', 'three', 'four'].map((key) => callers.expiresInMs(key))).toEqual([0, 1000, 1000, 1000]);
  });

  it('counts a caller that is told of twice as one', () => {
    const callers = new ExceededCallers(createManualClock().now, 2);
    for (const key of ['one', 'two', 'two']) callers.add(key, 1000);
    expect(callers.expiresInMs('one')).toBe(1000);
  });
});
