import type { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';

import { readEnvironment } from '@redoubt/config';

import { SetupError } from './setup-error.ts';

/** Of one answer: a patch of a repository with large files has less. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Where git is called, and with what. */
export interface GitCall {
  readonly cwd: string;
  /** For its standard input. */
  readonly input?: string;
  /** The index that is read and written instead of the repository's own. */
  readonly indexFile?: string;
}

/** What git answered, and how it ended. */
export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Asks git; a code other than 0 is an answer. */
export function askGit({ cwd, input, indexFile }: GitCall, args: readonly string[]): GitAnswer {
  const env = indexFile === undefined ? {} : { env: { ...readEnvironment(), GIT_INDEX_FILE: indexFile } };
  const { status, stdout, stderr, error } = spawnSync('git', args, { cwd, input, maxBuffer: MAX_BYTES, ...env });
  if (status === null) throw new SetupError(`git ${args[0] ?? ''}: ${error?.message ?? 'it was ended'}`);
  return { code: status, stdout, stderr: stderr.toString('utf8').trim() };
}

/** @throws {SetupError} when git refuses, with its own words. */
export function runGit(call: GitCall, args: readonly string[]): Buffer {
  const { code, stdout, stderr } = askGit(call, args);
  if (code !== 0) throw new SetupError(`git ${args.find((word) => /^[a-z][a-z-]*$/.test(word)) ?? ''}: ${stderr}`);
  return stdout;
}

/** The one line that git answers. */
export function lineOfGit(call: GitCall, args: readonly string[]): string {
  return runGit(call, args).toString('utf8').trim();
}
