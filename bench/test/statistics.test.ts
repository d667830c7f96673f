import { expect, test } from 'vitest';

import { quantileOf, ratioSpread, spreadOf } from '../src/statistics.ts';

test('a quantile lies between two measurements by its distance to each', () => {
  expect(quantileOf([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantileOf([10], 0.99)).toBe(10);
  expect(quantileOf([0, 100], 0.25)).toBe(25);
});

test('nothing has no quantile', () => {
  expect(() => quantileOf([], 0.5)).toThrow(RangeError);
});

test('a spread is the median with its quartiles', () => {
  expect(spreadOf([1, 2, 3, 4, 5])).toEqual({ median: 3, lower: 2, upper: 4 });
});

test('a ratio is of two variants in the same round, so that a slow round counts for nothing', () => {
  expect(ratioSpread([80, 40, 8], [100, 50, 10]).median).toBeCloseTo(0.8);
});

test('rounds without a partner are refused', () => {
  expect(() => ratioSpread([1, 2], [1])).toThrow(RangeError);
});
