import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { DefaultRateLimits, Server } from '@redoubt/server';

/** What a service shows of itself once it is built: each listener with its routes, and the OpenAPI document. */
export interface ReadableService {
  readonly listeners: readonly {
    readonly name: string;
    readonly server: Pick<Server, 'routeContracts'>;
    readonly rateLimits: DefaultRateLimits | 'none';
  }[];
  readonly openApi: object;
  close(): Promise<void>;
}

/** Where each service says how it is built for reading, from its own folder on. */
const BUILDER = 'src/build/build-for-reading.ts';

/** The services under `apps/`, by the name of their folder: each one that can be built for reading. */
export function findServices(root: string): readonly string[] {
  const folders = globSync('apps/*', { cwd: root }).map((path) => basename(path));
  return folders.filter((name) => existsSync(join(root, 'apps', name, BUILDER))).toSorted();
}

/**
 * Builds a service, hands it to `read`, and ends it again.
 *
 * @throws {TypeError} when the service does not export `buildForReading`.
 */
export async function readService<Read>(
  root: string,
  name: string,
  read: (service: ReadableService) => Read | Promise<Read>,
): Promise<Read> {
  const path = join(root, 'apps', name, BUILDER);
  const { buildForReading } = (await import(pathToFileURL(path).href)) as {
    buildForReading?: () => Promise<ReadableService>;
  };
  if (buildForReading === undefined) throw new TypeError(`apps/${name}/${BUILDER} does not export buildForReading`);
  const service = await buildForReading();
  try {
    return await read(service);
  } finally {
    await service.close();
  }
}
