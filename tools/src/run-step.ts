import type { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';

/** One command of a check, and what repairs what it finds. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Run instead when a person asks to repair. */
  readonly fix?: readonly [string, ...string[]];
}

/** What became of a step. */
export interface StepResult {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly output: string;
}

/** Runs a command to its end. Never rejects: a command that cannot be started is one that failed. */
export function runStep(name: string, [command, ...args]: readonly [string, ...string[]]): Promise<StepResult> {
  const startedAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<StepResult>();
  let output = '';
  const finish = (passed: boolean): void => {
    resolve({ name, passed, seconds: (performance.now() - startedAt) / 1000, output });
  };
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.on('error', (error) => {
    output += String(error);
    finish(false);
  });
  child.on('close', (code) => finish(code === 0));
  return promise;
}
