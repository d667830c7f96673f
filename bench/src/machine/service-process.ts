import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { readEnvironment } from '@redoubt/config';
import { findFreePort } from '@redoubt/testing';

import type { DirectAnswer, DirectOrder } from '../contract/run-service.ts';
import type { ServiceConfig } from '../contract/service-config.ts';
import type { Variant } from '../variants.ts';
import { SERVER_CORE } from './cores.ts';
import type { Material } from './material.ts';

/** Options of a start beside the variant. */
export interface StartOptions {
  readonly mode?: ServiceConfig['mode'];
  readonly routes?: number;
  readonly nodeOptions?: readonly string[];
}

/** A variant in a process of its own, on the servers' core. Its log goes where nothing costs: to the null device. */
export class ServiceProcess {
  readonly variant: Variant;
  readonly origin: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(variant: Variant, port: number, child: ChildProcess) {
    this.variant = variant;
    this.origin = `http://127.0.0.1:${port}`;
    this.#child = child;
    this.#exited = once(child, 'exit');
  }

  /** Starts a variant and waits until it listens. Rejects when it ends before. */
  static async start(variant: Variant, material: Material, options: StartOptions = {}): Promise<ServiceProcess> {
    const { mode = 'socket', routes = 1, nodeOptions = [] } = options;
    const port = await findFreePort();
    const { database, sharedStore, directory, ...rest } = material;
    const config: ServiceConfig = {
      ...rest,
      mode,
      port,
      routes,
      busyMicroseconds: variant.busyMicroseconds,
      database,
      sharedStore: variant.sharedStore ? sharedStore : undefined,
    };
    const file = join(directory, `${variant.id}-${port}.json`);
    await writeFile(file, JSON.stringify(config));
    const child = spawn('taskset', ['-c', SERVER_CORE, process.execPath, ...nodeOptions, variant.file, file], {
      // As production has it: libraries leave out what helps developers.
      env: { PATH: readEnvironment()['PATH'], NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const started = new ServiceProcess(variant, port, child);
    const [first] = (await Promise.race([once(child, 'message'), started.#exited])) as readonly unknown[];
    if (first !== 'ready') throw new Error(`${variant.title} ended with ${String(first)} before it listened`);
    return started;
  }

  /** The process id; `taskset` has become the service itself. */
  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  /** Has requests answered without a socket. */
  async measureDirectly(order: DirectOrder): Promise<DirectAnswer> {
    this.#child.send(order);
    const [answer] = (await Promise.race([once(this.#child, 'message'), this.#exited])) as readonly unknown[];
    if (typeof answer !== 'object' || answer === null)
      throw new Error(`${this.variant.title} ended while it was asked`);
    return answer as DirectAnswer;
  }

  /** Ends it, however busy it is. */
  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
