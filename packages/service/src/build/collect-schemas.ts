import { loadSettings } from '@redoubt/config';
import { createLogger } from '@redoubt/logging';
import { addManagementRoutes, createMetrics, type Server } from '@redoubt/server';
import type { UsedSchema } from '@redoubt/server/build';
import { createMemoryStore, type Database } from '@redoubt/storage';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';

import { buildApp } from '../build-app.ts';
import { createDependencies } from '../create-dependencies.ts';
import type { ServiceSchema } from '../database/service-database.ts';
import type { Service } from '../define-service.ts';
import { serviceOptions } from '../service-options.ts';
import { managementHostsOf } from '../settings/allowed-hosts.ts';
import { createManagementServer } from '../start-service.ts';

/** What a service is built from that serves nobody. */
export interface SchemaCollection {
  /** What its `open` would give, made here and forgotten. Default: nothing. */
  readonly adapters?: object;
  /** The forms that settings give the service, each as options. Default: the one of a development start. */
  readonly forms?: readonly object[];
}

/**
 * Builds a service as a start does, in each of its forms, and tells which schemas it has. It leans on nothing: a database
 * that answers nothing, a store in memory.
 */
export async function collectSchemas(
  service: Service,
  { adapters = {}, forms = [{}] }: SchemaCollection = {},
): Promise<readonly UsedSchema[]> {
  const settings = loadSettings(service.settings, { NODE_ENV: 'development' });
  const dependencies = createDependencies(service, settings, {
    logger: createLogger({ service: 'build', level: 'error' }),
    metrics: createMetrics(),
    database: createSilentDatabase(),
    sharedStore: createMemoryStore({ now: Date.now }),
    ...adapters,
  });
  const options = serviceOptions(service, settings);
  const management = await createManagementServer(dependencies, managementHostsOf(settings));
  addManagementRoutes(management, { lifecycle: { state: 'starting' }, metrics: dependencies.metrics, checks: [] });
  const built = await Promise.all(forms.map((form) => buildApp(service, dependencies, { ...options, ...form })));
  const servers = [...built, management];
  try {
    return (await Promise.all(servers.map(schemasOf))).flat();
  } finally {
    await Promise.all(servers.map((server) => server.close()));
    await dependencies.revocations.close();
    await dependencies.sharedStore.close();
  }
}

async function schemasOf(server: Server): Promise<readonly UsedSchema[]> {
  await server.ready();
  return server.compiledSchemas;
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
