import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { goals, isReached } from '../src/goals.ts';
import { drawChart } from '../src/report/chart.ts';
import { whole, withSpread } from '../src/report/figures.ts';
import { markdownTable } from '../src/report/markdown-table.ts';
import { renderPage } from '../src/report/page.ts';
import type { Results } from '../src/results.ts';
import { exactly, resultsWith } from './sample-results.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

test('the page and its chart are those of the committed results', async () => {
  const results = JSON.parse(await read('bench/results.json')) as Results;
  expect(await read('docs/performance.md')).toBe(renderPage(results));
  expect(await read('docs/performance.svg')).toBe(drawChart(results));
});

test('a table has its figures on the right', () => {
  expect(markdownTable(['work', 'ratio'], [['GET', '0.8']])).toBe('| work | ratio |\n| --- | ---: |\n| GET | 0.8 |');
});

test('a figure is told with its quartiles, unless there are none', () => {
  expect(withSpread({ median: 0.714, lower: 0.7, upper: 0.73 })).toBe('0.71 (0.70–0.73)');
  expect(withSpread(exactly(2))).toBe('2.00');
  expect(whole(12_345.6)).toBe('12,346');
});

test('a goal is reached by the median of the run', () => {
  const goal = goals.find(({ name }) => name === 'public GET, to bare Fastify');
  expect(goal && isReached(goal, exactly(0.8))).toBe(true);
  expect(goal && isReached(goal, exactly(0.79))).toBe(false);
});

test('the page says of each goal whether it was reached, and of what was not measured that it was not', () => {
  const page = renderPage(resultsWith(0.75));
  expect(page).toContain('| public GET, to bare Fastify | at least 0.8 × | 0.75 (0.74–0.76) | not reached |');
  expect(page).toContain('| public GET, processor time added, no socket | at most 3 µs | 2.50 | reached |');
  expect(page).toContain('| 429, to bare Fastify | at least 0.85 × | not measured |  |');
});

test('the chart draws each variant with its figure, for light and for dark', () => {
  const chart = drawChart(resultsWith(0.75));
  expect(chart).toContain('>Express of the guide<');
  expect(chart).toContain('>0.75<');
  expect(chart).toContain('prefers-color-scheme: dark');
});
