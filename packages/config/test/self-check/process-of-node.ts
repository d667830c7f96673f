import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

import type { Finding } from '../../src/self-check/finding.ts';

/** How a child process is started. */
export interface Start {
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly arguments?: readonly string[];
}

/** What it found when it looked at itself. */
export interface Outcome {
  readonly findings: readonly Finding[];
  readonly unknown: readonly string[];
}

const run = promisify(execFile);
const program = join(import.meta.dirname, 'fixtures/print-process-findings.ts');
const repository = join(import.meta.dirname, '../../../..');

/** Options of a start as it should be. */
export const goodFlags: readonly string[] = ['--disable-proto=delete', '--permission', `--allow-fs-read=${repository}`];

/** Starts Node, with nothing in its environment but what is given, and lets it look at itself. */
export async function examine(start: Start = {}): Promise<Outcome> {
  const { flags = goodFlags, environment = {} } = start;
  const args = [...flags, program, ...(start.arguments ?? [])];
  const { stdout } = await run(process.execPath, args, { env: { ...environment } });
  return JSON.parse(stdout) as Outcome;
}
