import { spawnSync } from 'node:child_process';

import { NewError } from './new-error.ts';
import type { Repository } from './repository.ts';

/** What stands in a test that compares something with a table that somebody has reviewed. */
const REVIEWED_TABLE = '.snapshot.md';

/** Longest run of one program, in milliseconds: the tests of one file, on a busy machine. */
const TIMEOUT_MS = 300_000;

/**
 * Makes of written files what a person would have: links a new package, formats, and writes the tables that are compared
 * with what somebody has reviewed.
 *
 * @throws {NewError} when a program fails; what was written stays, for git to undo.
 */
export function finish(repository: Repository, service: string, written: readonly string[]): void {
  if (written.some((path) => path.endsWith('/package.json')))
    run(repository, 'pnpm', ['install', '--prefer-offline', '--no-frozen-lockfile']);
  run(
    repository,
    'oxfmt',
    written.filter((path) => /\.(?:ts|json|md|yaml)$/.test(path)),
  );
  const tests = repository
    .find(`apps/${service}/test/*.test.ts`)
    .filter((path) => repository.read(path).includes(REVIEWED_TABLE));
  // An option that may have a value: it stands last, or it would take the first file for one.
  run(repository, 'vitest', ['run', '--project', 'unit', ...tests, '--update']);
  const { scripts = {} } = JSON.parse(repository.read('package.json')) as { readonly scripts?: Record<string, string> };
  // What is written from the routes of all services.
  for (const script of ['surface', 'client']) if (scripts[script] !== undefined) run(repository, 'pnpm', [script]);
}

function run({ root }: Repository, program: string, args: readonly string[]): void {
  console.log(`${program} ${args[0] ?? ''} …`);
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (error !== undefined) throw new NewError(`${program} cannot be started: run this by pnpm`, { cause: error });
  if (status !== 0) throw new NewError(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
}
