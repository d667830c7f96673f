import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance } from '../src/edit-distance.ts';

const text = fc.string({ maxLength: 12 });

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['PORT', 'PORT', 0],
    ['PORT', 'PORTS', 1],
    ['PORT', 'SORT', 1],
    ['PROT', 'PORT', 2],
    ['kitten', 'sitting', 3],
  ])('from %j to %j is %i', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });

  it('is the same both ways, and nothing only between equals', () => {
    const isMetric = fc.property(text, text, (from, to) => {
      const distance = editDistance(from, to);
      return distance === editDistance(to, from) && (distance === 0) === (from === to);
    });
    expect(() => fc.assert(isMetric)).not.toThrow();
  });

  it('is never more than the way round by a third text, nor than the longer text', () => {
    const isShortest = fc.property(text, text, text, (from, to, by) => {
      const distance = editDistance(from, to);
      return distance <= editDistance(from, by) + editDistance(by, to) && distance <= Math.max(from.length, to.length);
    });
    expect(() => fc.assert(isShortest)).not.toThrow();
  });
});
