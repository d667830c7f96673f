import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { readEnvironment } from '@redoubt/config';

import { runCommand } from './run-command.ts';

const benchDirectory = join(import.meta.dirname, '..', '..');

/** Something that the benchmark needs is not on this machine. */
class MissingProgramError extends Error {
  override readonly name = 'MissingProgramError';
}

/**
 * Looks for the programs that the lockfile does not bring, and builds everything that is measured.
 *
 * @throws {MissingProgramError} that names what is missing and how to get it.
 */
export async function prepare(): Promise<void> {
  const missing = ['taskset', 'wrk', 'nginx'].filter((program) => !isOnPath(program));
  if (missing.length > 0)
    throw new MissingProgramError(`${missing.join(', ')} is missing: run tools/ci/install-packages.sh bench servers`);
  const pnpm = ['npx', '-y', 'pnpm@12.21.0'] as const;
  const peers = { cwd: join(benchDirectory, 'peers') };
  await runCommand([...pnpm, 'install', '--frozen-lockfile'], peers);
  await runCommand([...pnpm, 'run', 'build'], peers);
  await runCommand([...pnpm, 'run', 'build'], { cwd: benchDirectory });
  await runCommand([...pnpm, 'run', 'build'], { cwd: join(benchDirectory, '..') });
}

function isOnPath(program: string): boolean {
  const directories = [...(readEnvironment()['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return directories.some((directory) => existsSync(join(directory, program)));
}
