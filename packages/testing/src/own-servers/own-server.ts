import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';

/** How a server is started, and how it says that it is up. */
export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly options: Pick<SpawnOptions, 'uid' | 'gid'>;
  /** What it reads before anything else. */
  readonly input?: string;
  /** Part of the line that it writes when it takes connections. */
  readonly ready: string;
}

/** Processes that a server has: none is beyond a signal. */
const MAX_PROCESSES = 1000;

/** A server of one test's own, with all its processes: it can be killed, stopped, and started again where it was. */
export class OwnServer {
  /** With user and password, as `TEST_POSTGRES_URL` and `TEST_VALKEY_URL` have them. */
  readonly url: string;
  readonly #command: ServerCommand;
  #child: ChildProcess | undefined;
  #stopped: readonly number[] = [];

  constructor(url: string, command: ServerCommand) {
    this.url = url;
    this.#command = command;
  }

  /** Starts it, and resolves when it takes connections; rejects with what it wrote when it ends first. */
  async start(): Promise<void> {
    const { program, args, options, input, ready } = this.#command;
    const child = spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    child.stdin.end(input);
    let output = '';
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const read = (chunk: Uint8Array): void => {
      output += new TextDecoder().decode(chunk);
      if (output.includes(ready)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('close', () => reject(new Error(`${program} ended:\n${output}`)));
    await promise;
  }

  /** Kills every process with SIGKILL, and resolves when they are gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    child.once('close', () => resolve());
    // Stopped first, so that nothing is started that is not on the list.
    for (const pid of [...this.#stop(), ...this.#stopped]) signal(pid, 'SIGKILL');
    this.#stopped = [];
    await promise;
  }

  /** Stops every process with SIGSTOP: connections stand, and nobody answers on them. */
  hang(): void {
    this.#stopped = this.#stop();
  }

  /** Lets them go on where they were. */
  resume(): void {
    for (const pid of this.#stopped) signal(pid, 'SIGCONT');
    this.#stopped = [];
  }

  #stop(): readonly number[] {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new TypeError('the server was never started');
    const stopped = [pid];
    signal(pid, 'SIGSTOP');
    for (const each of stopped) {
      if (stopped.length > MAX_PROCESSES) throw new RangeError('the server has too many processes');
      const children = childrenOf(each);
      for (const child of children) signal(child, 'SIGSTOP');
      stopped.push(...children);
    }
    return stopped;
  }
}

/** Linux says which processes a process has started (proc(5)). */
function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    // It has ended meanwhile, and has none.
    return [];
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
