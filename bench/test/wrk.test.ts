import { expect, test } from 'vitest';

import { parseReport } from '../src/machine/wrk.ts';

const report = (text: string) => `Running 1s test\n  64 connections\nBENCH ${text}\n`;

test('the report of wrk becomes rates and milliseconds', () => {
  const result = parseReport(report('5000 1000000 0 0 900 2500'), { name: 'a work', status: 200 });
  expect(result).toEqual({ requests: 5000, requestsPerSecond: 5000, p50Ms: 0.9, p99Ms: 2.5 });
});

test('a single refusal, or a request that failed, spoils a run', () => {
  const work = { name: 'a work', status: 200 };
  expect(() => parseReport(report('5000 1000000 0 1 900 2500'), work)).toThrow('1 were refused');
  expect(() => parseReport(report('5000 1000000 1 0 900 2500'), work)).toThrow('1 failed');
});

test('where refusals are measured, a single answer that is none spoils the run', () => {
  const work = { name: '429', status: 429 };
  expect(parseReport(report('5000 1000000 0 5000 900 2500'), work).requests).toBe(5000);
  expect(() => parseReport(report('5000 1000000 0 4999 900 2500'), work)).toThrow('4999 were refused');
});

test('a run without an answer is none', () => {
  expect(() => parseReport('unable to connect', { name: 'a work', status: 200 })).toThrow('no answer');
});
