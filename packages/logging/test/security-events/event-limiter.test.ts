import { describe, expect, it } from 'vitest';

import { createEventLimiter, type SecurityEventName } from '../../src/index.ts';

function createLimited() {
  let now = 0;
  const suppressed: SecurityEventName[] = [];
  const limiter = createEventLimiter({ now: () => now, onSuppressed: (name) => suppressed.push(name) });
  return {
    limiter,
    suppressed,
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe('an event that anybody can cause', () => {
  it('SR-40: is raised once for each source and minute, and the rest is counted', () => {
    const { limiter, suppressed, advance } = createLimited();
    const admitted = Array.from({ length: 1000 }, () => limiter.admit('input_validation_fail', '203.0.113.7'));
    expect(admitted.filter(Boolean)).toHaveLength(1);
    expect(suppressed).toHaveLength(999);
    expect(limiter.admit('malicious_cors', '203.0.113.7')).toBe(true);
    expect(limiter.admit('input_validation_fail', '203.0.113.8')).toBe(true);
    advance(59_999);
    expect(limiter.admit('input_validation_fail', '203.0.113.7')).toBe(false);
    advance(1);
    expect(limiter.admit('input_validation_fail', '203.0.113.7')).toBe(true);
  });

  it('SR-40: is raised 300 times a minute, however many addresses somebody has', () => {
    const { limiter, suppressed } = createLimited();
    const admitted = Array.from({ length: 10_000 }, (_, index) => limiter.admit('malicious_extraneous', String(index)));
    expect(admitted.filter(Boolean)).toHaveLength(300);
    expect(suppressed).toHaveLength(9_700);
  });
});
