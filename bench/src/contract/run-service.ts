import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import process from 'node:process';

import { measureDirectly } from './direct-requests.ts';
import type { ServiceConfig } from './service-config.ts';
import type { Work } from './work.ts';

/** What the runner asks a variant without a socket. */
export interface DirectOrder {
  readonly work: Work;
  readonly requests: number;
}

/** What comes back. */
export interface DirectAnswer {
  readonly microsecondsPerRequest: number;
}

/**
 * Starts a variant as the runner asks: reads the file that is named on the command line, makes the server, and listens,
 * or answers requests that are made in this process. Tells the parent when it is ready.
 */
export async function runService(create: (config: ServiceConfig) => Promise<Server>): Promise<void> {
  const path = process.argv[2];
  if (path === undefined) throw new TypeError('usage: node <variant> <configuration file>');
  const config = JSON.parse(await readFile(path, 'utf8')) as ServiceConfig;
  const server = await create(config);
  if (config.mode === 'socket') {
    if (!server.listening) await once(server.listen(config.port, '127.0.0.1'), 'listening');
  } else {
    process.on('message', ({ work, requests }: DirectOrder) => {
      void measureDirectly(server, work, requests).then((microsecondsPerRequest) =>
        process.send?.({ microsecondsPerRequest } satisfies DirectAnswer),
      );
    });
  }
  // A runner that was stopped leaves nobody behind.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.send?.('ready');
}
