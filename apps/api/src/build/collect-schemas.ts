import { createKeyRing, generateSigningKeyPem, importSigningKey } from '@redoubt/auth';
import { loadSettings } from '@redoubt/config';
import { createLogger } from '@redoubt/logging';
import { addManagementRoutes, createMetrics, type Server } from '@redoubt/server';
import type { UsedSchema } from '@redoubt/server/build';
import { createMemoryStore, type Database } from '@redoubt/storage';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';

import { managementHostsOf } from '../allowed-hosts.ts';
import type { AppOptions } from '../app-dependencies.ts';
import { buildApp } from '../build-app.ts';
import type { DatabaseSchema } from '../database-schema.ts';
import { createDependencies, createManagementServer, appOptions } from '../service.ts';
import { serviceSettings } from '../settings.ts';

/**
 * Builds the service as a start does, in each form that settings give it, and tells which schemas it has. It leans on
 * nothing: a database that answers nothing, a store in memory, a key that is made here and forgotten.
 */
export async function collectSchemas(): Promise<readonly UsedSchema[]> {
  const settings = loadSettings(serviceSettings, { NODE_ENV: 'development' });
  const dependencies = createDependencies(settings, {
    logger: createLogger({ service: 'build', level: 'error' }),
    metrics: createMetrics(),
    database: createSilentDatabase(),
    sharedStore: createMemoryStore({ now: Date.now }),
    keyRing: createKeyRing({ keys: [await importSigningKey(await generateSigningKeyPem())] }),
    mailer: { send: () => Promise.resolve(), close: () => Promise.resolve() },
  });
  const build = (registration: AppOptions['registration']): Promise<Server> =>
    buildApp(dependencies, { ...appOptions(settings), localPasswords: 'on', registration });
  const management = await createManagementServer(dependencies, managementHostsOf(settings));
  addManagementRoutes(management, { lifecycle: { state: 'starting' }, metrics: dependencies.metrics, checks: [] });
  const servers = [await build('immediate'), await build('confirmed'), management];
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

function createSilentDatabase(): Database<DatabaseSchema> {
  const kysely = new Kysely<DatabaseSchema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database) => new PostgresIntrospector(database),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  return { kysely, ping: () => Promise.resolve(), close: () => kysely.destroy() };
}
