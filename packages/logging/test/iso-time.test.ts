import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIsoFormatter } from '../src/iso-time.ts';

describe('createIsoFormatter', () => {
  it('formats every time as Date does, in any order', () => {
    const format = createIsoFormatter();
    const times = fc.oneof(fc.integer({ min: -2_000, max: 2_000 }), fc.integer({ min: 0, max: 4_102_444_800_000 }));
    fc.assert(
      fc.property(times, (time) => {
        expect(format(time)).toBe(new Date(time).toISOString());
      }),
    );
  });
});
