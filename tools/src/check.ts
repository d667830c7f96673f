/**
 * `pnpm check`: everything that can be said of the code without running it. `--fix` repairs what can be repaired first.
 * Prints a line for each step, the output of those that failed, and a total; exits 1 when one failed.
 */
import process from 'node:process';

import { runStep, type Step, type StepResult } from './run-step.ts';

const steps: readonly Step[] = [
  { name: 'format', command: ['oxfmt', '--check', '.'], fix: ['oxfmt', '.'] },
  { name: 'lint', command: ['oxlint'], fix: ['oxlint', '--fix'] },
  { name: 'types', command: ['tsc', '--project', 'tsconfig.json'] },
  { name: 'unused', command: ['knip'] },
  { name: 'policy', command: ['node', 'tools/src/policy.ts'] },
  {
    name: 'documents',
    command: ['node', 'tools/src/documents.ts', '--check'],
    fix: ['node', 'tools/src/documents.ts'],
  },
  // After the documents: a repair has made what is looked at here.
  { name: 'api', command: ['node', 'tools/src/lint-api.ts'] },
];

const results: StepResult[] = [];
const repair = process.argv.includes('--fix');

// One after the other: each of them uses all cores by itself, and a repair must not race a check.
for (const { name, command, fix } of steps) {
  const result = await runStep(name, repair && fix !== undefined ? fix : command);
  results.push(result);
  console.log(`${result.passed ? '✓' : '✗'} ${name} (${result.seconds.toFixed(1)} s)`);
  if (!result.passed) console.log(result.output.trim());
}

const failed = results.filter(({ passed }) => !passed).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
