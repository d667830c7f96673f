// oxlint-disable-next-line no-restricted-imports -- this runs beside a service of development, never in one
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

import { type EmbeddedEngine, lendEngine, openEmbeddedEngine } from '@redoubt/storage/embedded-engine';

import { greetingText, isReadyMessage, LENT_DATABASE } from '../src/development/supervised.ts';
import { childChannel } from './child-channel.ts';
import { watchSources } from './watch-sources.ts';

export interface SuperviseOptions {
  /** The file that serves: forked anew at each change. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Directories of sources; a change below one of them starts the service anew. */
  readonly watched: readonly string[];
  /** Where the embedded database lives; absent: the service has a server of its own. */
  readonly databaseDirectory?: string;
}

/** What takes longer is said: nobody should wonder whether it hangs. */
const SLOW_MS = 2_000;

/** A service ends by itself, mostly at once; one that is stuck in a loop is killed after this. */
const STOP_DEADLINE_MS = 10_000;

/**
 * Runs a service for a developer: starts it, starts it anew on every change of its sources, and keeps the embedded database
 * open all the while. Resolves with the exit code for this process: 0 after SIGINT or SIGTERM, the service's own when it
 * ends before it was ever ready. A service that ends later is waited with, for the change that mends it.
 */
export async function supervise(options: SuperviseOptions): Promise<number> {
  const supervisor = new Supervisor(options);
  try {
    return await supervisor.run();
  } finally {
    await supervisor.close();
  }
}

class Supervisor {
  readonly #options: SuperviseOptions;
  readonly #engine: Promise<EmbeddedEngine> | undefined;
  readonly #result = Promise.withResolvers<number>();
  #child: ChildProcess | undefined;
  /** Settled when the last child is gone and has given the database back. */
  #returned: Promise<unknown> = Promise.resolve();
  #restarting: Promise<void> | undefined;
  #greeted = false;
  #stopping = false;

  constructor(options: SuperviseOptions) {
    this.#options = options;
    const { databaseDirectory } = options;
    // Opened while the service loads its code: the two take as long as each other.
    this.#engine =
      databaseDirectory === undefined
        ? undefined
        : saySlow('opening the embedded database', openEmbeddedEngine(databaseDirectory));
    // Without its database the start has failed, and says why.
    this.#engine?.catch(this.#result.reject);
  }

  async run(): Promise<number> {
    const watch = watchSources(this.#options.watched, (file) => {
      this.#restarting ??= this.#restart(file).finally(() => {
        this.#restarting = undefined;
      });
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, this.#end);
    this.#start();
    try {
      return await this.#result.promise;
    } finally {
      watch.close();
    }
  }

  async close(): Promise<void> {
    await this.#stop();
    await (await this.#engine?.catch(() => undefined))?.close();
  }

  #start(): void {
    const { entry, environment, databaseDirectory } = this.#options;
    const started = performance.now();
    const child = fork(entry, {
      env: { ...environment, ...(databaseDirectory === undefined ? {} : { [LENT_DATABASE]: databaseDirectory }) },
      serialization: 'advanced',
    });
    this.#child = child;
    const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
    void saySlow('starting the service', settled);
    child.on('message', (message) => {
      if (!isReadyMessage(message)) return;
      settle();
      this.#greet(message.ready, performance.now() - started);
    });
    child.once('exit', (code, signal) => {
      settle();
      this.#child = undefined;
      if (this.#stopping || this.#restarting !== undefined) return;
      if (!this.#greeted) this.#result.resolve(code ?? 1);
      else process.stdout.write(`The service ended (${signal ?? code}). It starts again when a source changes.\n`);
    });
    this.#returned = this.#engine === undefined ? once(child, 'exit') : lendEngine(this.#engine, childChannel(child));
  }

  #greet(lines: readonly string[], milliseconds: number): void {
    if (this.#greeted) process.stdout.write(`Started again in ${milliseconds.toFixed(0)} ms\n`);
    else
      process.stdout.write(
        `${greetingText(lines)}Ready in ${milliseconds.toFixed(0)} ms; a change of a source starts it again\n`,
      );
    this.#greeted = true;
  }

  async #restart(file: string): Promise<void> {
    process.stdout.write(`${file} changed\n`);
    await this.#stop();
    if (!this.#stopping) this.#start();
  }

  readonly #end = (): void => {
    this.#stopping = true;
    this.#result.resolve(this.#stop().then(() => 0));
  };

  async #stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    child.kill('SIGTERM');
    const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
    await this.#returned;
    clearTimeout(deadline);
  }
}

/** Says so where something takes longer than a person waits without a word. */
async function saySlow<Value>(what: string, work: Promise<Value>): Promise<Value> {
  const timer = setTimeout(() => process.stdout.write(`${what} …\n`), SLOW_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
