import type { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';

import { SetupError } from './setup-error.ts';

/** Of one answer: a patch of a repository with large files has less. */
const MAX_BYTES = 256 * 1024 * 1024;

/** How a call of git differs from one in its folder. */
export interface GitCall {
  readonly cwd: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What git answered, and whether it was content. */
export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Asks git; a code other than 0 is an answer. Variables are added by `env`, which every system with git has. */
export function askGit({ cwd, input, env = {} }: GitCall, args: readonly string[]): GitAnswer {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const [command, ...words] = variables.length === 0 ? ['git', ...args] : ['env', ...variables, 'git', ...args];
  const { status, stdout, stderr, error } = spawnSync(command ?? 'git', words, { cwd, input, maxBuffer: MAX_BYTES });
  if (status === null) throw new SetupError(`git ${args[0] ?? ''}: ${error?.message ?? 'it was ended'}`);
  return { code: status, stdout, stderr: stderr.toString('utf8').trim() };
}

/** @throws {SetupError} when git refuses, with its own words. */
function runGit(call: GitCall, args: readonly string[]): Buffer {
  const { code, stdout, stderr } = askGit(call, args);
  if (code !== 0) throw new SetupError(`git ${args.find((word) => !word.startsWith('-')) ?? ''}: ${stderr}`);
  return stdout;
}

/** The one line that git answers. */
export function lineOfGit(call: GitCall, args: readonly string[]): string {
  return runGit(call, args).toString('utf8').trim();
}
