import { execFile } from 'node:child_process';

import { AuditError } from './audit-check.ts';

/** More than any document that pnpm writes about a workspace. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
/** A registry that has not answered by then will not. */
const TIMEOUT_MS = 180_000;

/** How pnpm ended. */
export interface PnpmResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs pnpm with these arguments. */
export type RunPnpm = (args: readonly string[]) => Promise<PnpmResult>;

/**
 * Makes what runs the pnpm of the PATH in a workspace. A code other than 0 is an answer.
 *
 * @throws {AuditError} when it cannot be started, or is not done in three minutes.
 */
export function pnpmIn(workspace: string): RunPnpm {
  return (args) => {
    const { promise, resolve, reject } = Promise.withResolvers<PnpmResult>();
    const options = { cwd: workspace, maxBuffer: MAX_OUTPUT_BYTES, timeout: TIMEOUT_MS };
    execFile('pnpm', args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(new AuditError(`pnpm ${args.join(' ')} did not end by itself: ${error?.message ?? ''}`));
    });
    return promise;
  };
}

/** @throws {AuditError} when what pnpm wrote is no JSON; what it wrote instead is in the message. */
export function parseAnswer({ stdout, stderr, code }: PnpmResult): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new AuditError(`pnpm ended with ${code} and no JSON: ${(stderr || stdout).trim().slice(0, 2000)}`);
  }
}
