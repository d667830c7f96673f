import { expect, test } from 'vitest';

import { findLosses } from '../src/check.ts';
import { resultsWith } from './sample-results.ts';

test('a ratio that lost more than a tenth is named with both figures', () => {
  const losses = findLosses(resultsWith(0.8), resultsWith(0.71));
  expect(losses).toContain('public GET, to bare Fastify: 0.71, and was 0.80');
});

test('a ratio within a tenth of the committed one, or above it, is no loss', () => {
  expect(findLosses(resultsWith(0.8), resultsWith(0.73))).toEqual([]);
  expect(findLosses(resultsWith(0.8), resultsWith(0.95))).toEqual([]);
});

test('a ratio that should be small is lost when it grows', () => {
  const slower = { ...resultsWith(0.8), startUp: { ...resultsWith(0.8).startUp } };
  const start = { median: 200, lower: 200, upper: 200 };
  expect(findLosses(resultsWith(0.8), { ...slower, startUp: { ...slower.startUp, hardened: start } })).toEqual([
    'start to the first 200, to bare Fastify: 2.00, and was 1.40',
  ]);
});

test('seconds and bytes, which are of a machine, are not compared', () => {
  const { direct } = resultsWith(0.8);
  const own = { median: 99, lower: 99, upper: 99 };
  const slow = { ...resultsWith(0.8), direct: { 'public GET': { ...direct['public GET'], hardened: own } } };
  expect(findLosses(resultsWith(0.8), slow)).toEqual([]);
});

test('what one of two runs did not measure is not compared', () => {
  expect(findLosses(resultsWith(0.8), { ...resultsWith(0.8), works: {} })).toEqual([]);
});
