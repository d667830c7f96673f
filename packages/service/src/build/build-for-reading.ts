import { loadSettings } from '@redoubt/config';
import { createLogger } from '@redoubt/logging';
import { addManagementRoutes, createMetrics, type DefaultRateLimits, type Server } from '@redoubt/server';
import { createMemoryStore, type Database } from '@redoubt/storage';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';

import { buildApp } from '../build-app.ts';
import { createDependencies } from '../create-dependencies.ts';
import type { ServiceSchema } from '../database/service-database.ts';
import type { Service } from '../define-service.ts';
import { installOpenApi } from '../docs/install-open-api.ts';
import { serviceOptions } from '../service-options.ts';
import { managementHostsOf } from '../settings/allowed-hosts.ts';
import { createManagementServer } from '../start-service.ts';

/** What a service is built from that serves nobody. */
export interface ReadingParts {
  /** What its `open` would give, made here and forgotten. Default: nothing. */
  readonly adapters?: object;
  /** Options in place of those of a development start. */
  readonly form?: object;
}

/** One listener of a service, with its own limits; `'none'` where nobody is counted. */
interface ReadableListener {
  readonly name: 'public' | 'management';
  readonly server: Server;
  readonly rateLimits: DefaultRateLimits | 'none';
}

/** A service that was built to be read: its routes are all there, and none of them leads anywhere. */
export interface ReadableService {
  readonly listeners: readonly ReadableListener[];
  /** The OpenAPI document of the public listener. */
  readonly openApi: object;
  close(): Promise<void>;
}

/**
 * Builds a service as a start does, with every setting at its default. It leans on nothing: a database that answers
 * nothing, a store in memory. The surface, the OpenAPI document and the schemas of a bundle are read off it.
 */
export async function buildForReading(
  service: Service,
  { adapters = {}, form = {} }: ReadingParts = {},
): Promise<ReadableService> {
  const settings = loadSettings(service.settings, { NODE_ENV: 'development' });
  const dependencies = createDependencies(service, settings, {
    logger: createLogger({ service: 'build', level: 'error' }),
    metrics: createMetrics(),
    database: createSilentDatabase(),
    sharedStore: createMemoryStore({ now: Date.now }),
    ...adapters,
  });
  const options = { ...serviceOptions(service, settings), ...form };
  const app = await buildApp(service, dependencies, {
    ...options,
    installDocs: (server) => installOpenApi(server, service),
  });
  const management = await createManagementServer(dependencies, managementHostsOf(settings));
  addManagementRoutes(management, { lifecycle: { state: 'starting' }, metrics: dependencies.metrics, checks: [] });
  await Promise.all([app.ready(), management.ready()]);
  return {
    listeners: [
      { name: 'public', server: app, rateLimits: options.rateLimits },
      { name: 'management', server: management, rateLimits: 'none' },
    ],
    openApi: app.swagger(),
    async close() {
      await Promise.all([app.close(), management.close()]);
      await dependencies.revocations.close();
      await dependencies.sharedStore.close();
      await dependencies.database.close();
    },
  };
}

function createSilentDatabase(): Database<ServiceSchema> {
  const kysely = new Kysely<ServiceSchema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database) => new PostgresIntrospector(database),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  return { kysely, ping: () => Promise.resolve(), close: () => kysely.destroy() };
}
