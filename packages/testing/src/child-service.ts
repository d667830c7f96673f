import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';

/** A service in a process of its own, started as a person would. */
export interface ChildService {
  readonly process: ChildProcess;
  /** What it has written so far, both streams. */
  output(): string;
  /** Sends SIGTERM and resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Resolves with the exit code once the process has ended. */
  readonly exited: Promise<number | null>;
}

/** Node with the file, and nothing in the environment but what is given and what Node needs. `nodeOptions` are Node's own. */
export function startChild(
  file: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  nodeOptions: readonly string[] = [],
): ChildService {
  const child = spawn(process.execPath, [...nodeOptions, file, ...args], {
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Uint8Array): void => {
    output += new TextDecoder().decode(chunk);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const { promise: exited, resolve } = Promise.withResolvers<number | null>();
  child.once('close', (code) => resolve(code));
  return {
    process: child,
    output: () => output,
    exited,
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** How long a service may take to start, and how often it is asked. */
const START_DEADLINE_MS = 30_000;
const ASK_INTERVAL_MS = 50;

/** Resolves when `url` answers 200; rejects, with what the process wrote, when it ends first or takes over 30 s. */
export async function waitUntilReady(child: ChildService, url: string): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline) {
    if (child.process.exitCode !== null)
      throw new Error(`the service ended with ${child.process.exitCode}:\n${child.output()}`);
    if (await answersOk(url)) return;
    await new Promise((resolve) => {
      setTimeout(resolve, ASK_INTERVAL_MS);
    });
  }
  throw new Error(`the service was not ready in time:\n${child.output()}`);
}

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    // Nothing listens yet.
    return false;
  }
}
