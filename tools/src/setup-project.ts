/**
 * `pnpm setup:project`: makes a project of one's own of a clone: its names, without the example if that is wanted, with an
 * empty changelog (docs/guides/start-a-project.md). Asks for what no flag says, where there is a terminal. Writes all or
 * nothing, commits nothing. Exits 1 when it was refused or something is left to be repaired.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';

import { trackedPaths } from './policy/read/tracked-paths.ts';
import { runStep } from './run-step.ts';
import { askGit, lineOfGit } from './setup/git.ts';
import type { FileChange, ProjectFile } from './setup/plan-setup.ts';
import { type Ask, completeAnswers } from './setup/questions.ts';
import { planSetup, type Position } from './setup/set-up-project.ts';
import { SetupError } from './setup/setup-error.ts';
import { readOptions, type SetupOptions } from './setup/setup-options.ts';
import { parseRecord, TEMPLATE_FILE } from './setup/template-record.ts';
import { assertCommitted } from './setup/working-tree.ts';
import { writeChanges } from './setup/write-changes.ts';

const root = join(import.meta.dirname, '..', '..');

/** What the new names ask for: links between the packages, documents that quote code, and the order of long lines. */
const followUps = [
  { name: 'install', command: ['pnpm', 'install', '--no-frozen-lockfile', '--prefer-offline'] },
  { name: 'documents', command: ['node', 'tools/src/documents.ts'] },
  { name: 'lint', command: ['oxlint', '--fix'] },
  { name: 'format', command: ['oxfmt', '.'] },
] as const;

const readFiles = (): ProjectFile[] =>
  trackedPaths(root).paths.map((path) => ({ path, bytes: readFileSync(join(root, path)) }));

function positionOf(): Position {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  const revision = (name: string): string => lineOfGit({ cwd: root }, ['rev-parse', name]);
  return { commit: revision('HEAD'), tree: revision('HEAD^{tree}'), version };
}

async function plan(options: SetupOptions, ask: Ask | undefined): Promise<readonly FileChange[]> {
  const record = parseRecord(readFileSync(join(root, TEMPLATE_FILE), 'utf8'));
  const remote = askGit({ cwd: root }, ['remote', 'get-url', 'origin']);
  const known = {
    current: record.names,
    isTemplate: record.template === undefined,
    example: record.example.state,
    templateUrl: record.template?.repository ?? (remote.code === 0 ? remote.stdout.toString().trim() : undefined),
  };
  return planSetup(readFiles(), record, await completeAnswers(options, known, ask), positionOf());
}

async function planByTerminal(options: SetupOptions): Promise<readonly FileChange[]> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return plan(options, undefined);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await plan(options, async (question, proposal) => {
      const text = await terminal.question(`${question}${proposal === '' ? '' : ` [${proposal}]`}: `);
      return text.trim() === '' ? proposal : text.trim();
    });
  } catch (error) {
    // Control and C, or D, in place of an answer.
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    throw new SetupError('\nthat was no answer: nothing was changed', { cause: error });
  } finally {
    terminal.close();
  }
}

/** Whether all of them ended well. */
async function followUp(): Promise<boolean> {
  let failed = 0;
  // Each is worth something without the others.
  for (const { name, command } of followUps) {
    const result = await runStep(name, command);
    console.log(`${result.passed ? '✓' : '✗'} ${name} (${result.seconds.toFixed(1)} s)`);
    if (result.passed) continue;
    failed += 1;
    console.log(result.output.trim());
  }
  if (failed > 0) console.log('all files are written: mend this, then run pnpm check --fix');
  return failed === 0;
}

async function setUp(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2));
  const changes = await planByTerminal(options);
  if (changes.length === 0) {
    console.log('nothing to change: the project is set up like this already');
    return true;
  }
  if (options.dryRun) {
    for (const { path, target, bytes, count } of changes)
      console.log(
        bytes === undefined ? `${path}: removed` : `${path}${target === path ? '' : ` → ${target}`}: ${count}`,
      );
    console.log(`${changes.length} files would change; nothing was written`);
    return true;
  }
  if (!options.force) assertCommitted(root);
  writeChanges(root, changes);
  console.log(`${changes.length} files are changed, none is committed`);
  return followUp();
}

try {
  if (!(await setUp())) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
