import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';

import { readEnvironment } from '@redoubt/config';

const root = join(import.meta.dirname, '..', '..', '..', '..');

/** How a script ended, and what it wrote. */
export interface ScriptResult {
  readonly code: number | null;
  readonly output: string;
}

/** Programs that stand in for those of the machine: each a shell script without its first line, by its name. */
export type StandIns = Readonly<Record<string, string>>;

/** Runs a script of the repository, with stand-ins in front of what the machine has, and nothing of its GitHub. */
export function runScript(
  command: readonly [script: string, ...args: string[]],
  environment: Readonly<Record<string, string>> = {},
  standIns: StandIns = {},
): ScriptResult {
  const folder = mkdtempSync(join(tmpdir(), 'ci-scripts-'));
  try {
    const programs = join(folder, 'bin');
    mkdirSync(programs);
    for (const [name, body] of Object.entries(standIns)) {
      writeFileSync(join(programs, name), `#!/usr/bin/env bash\nset -euo pipefail\n${body}\n`);
      chmodSync(join(programs, name), 0o755);
    }
    const path = [programs, readEnvironment()['PATH']].join(delimiter);
    const [script, ...args] = command;
    const { status, stdout, stderr } = spawnSync(join(root, script), args, {
      cwd: folder,
      env: { PATH: path, HOME: folder, ...environment },
      encoding: 'utf8',
    });
    return { code: status, output: `${stdout}${stderr}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Scripts are bash: where there is none, their tests say so. */
export const hasBash = spawnSync('bash', ['--version']).status === 0 && process.platform !== 'win32';
if (!hasBash) console.log('SKIPPED: there is no bash here that could run the scripts of workflows');
