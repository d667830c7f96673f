/**
 * The benchmark: `pnpm bench`.
 *
 *   --quick   fewer rounds: less than two minutes
 *   --write   writes bench/results.json, docs/performance.md and its chart
 *   --check   exits with 1 when a ratio is more than 10 % worse than in bench/results.json
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { findLosses } from './check.ts';
import { goals, isReached } from './goals.ts';
import { prepare } from './machine/prepare.ts';
import { drawChart } from './report/chart.ts';
import { withSpread } from './report/figures.ts';
import { renderPage } from './report/page.ts';
import type { Results } from './results.ts';
import { fullPlan, quickPlan, runBenchmark } from './run-benchmark.ts';

const root = join(import.meta.dirname, '..', '..');
const committed = join(root, 'bench', 'results.json');

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, write: { type: 'boolean' }, check: { type: 'boolean' } },
});

await prepare();
const results = await runBenchmark(values.quick === true ? quickPlan : fullPlan);
const text = `${JSON.stringify(results, undefined, 2)}\n`;
const local = join(root, '.local', 'bench');
await mkdir(local, { recursive: true });
await writeFile(join(local, 'results.json'), text);
console.table(goals.map((goal) => rowOf(goal)));

if (values.check === true) {
  const losses = findLosses(JSON.parse(await readFile(committed, 'utf8')) as Results, results);
  for (const loss of losses) console.error(`lost: ${loss}`);
  if (losses.length > 0) process.exitCode = 1;
}
if (values.write === true) {
  await writeFile(committed, text);
  await writeFile(join(root, 'docs', 'performance.md'), renderPage(results));
  await writeFile(join(root, 'docs', 'performance.svg'), drawChart(results));
}

function rowOf(goal: (typeof goals)[number]): Readonly<Record<string, string>> {
  const reached = goal.reached(results);
  const wanted = `${goal.bound} ${goal.value} ${goal.unit}`;
  if (reached === undefined) return { goal: goal.name, wanted, reached: 'not measured', '': '' };
  return { goal: goal.name, wanted, reached: withSpread(reached), '': isReached(goal, reached) ? 'yes' : 'no' };
}
