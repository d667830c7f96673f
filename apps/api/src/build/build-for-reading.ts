import { createKeyRing, generateSigningKeyPem, importSigningKey } from '@redoubt/auth';
import { loadSettings } from '@redoubt/config';
import { createLogger } from '@redoubt/logging';
import { addManagementRoutes, createMetrics, type DefaultRateLimits, type Server } from '@redoubt/server';
import { createMemoryStore, type Database } from '@redoubt/storage';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';

import { managementHostsOf } from '../allowed-hosts.ts';
import type { AppOptions } from '../app-dependencies.ts';
import { buildApp } from '../build-app.ts';
import type { DatabaseSchema } from '../database-schema.ts';
import { installOpenApi } from '../docs/install-open-api.ts';
import { appOptions, createDependencies, createManagementServer } from '../service.ts';
import { serviceSettings } from '../settings.ts';

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
 * Builds the service as a start does, with every setting at its default and accounts confirmed as production does it. It
 * leans on nothing: a database that answers nothing, a store in memory, a key that is made here and forgotten. What
 * reads services (the surface, the OpenAPI document, the schemas of a build) finds this function under this name in each app.
 */
export async function buildForReading({
  registration = 'confirmed',
}: Partial<Pick<AppOptions, 'registration'>> = {}): Promise<ReadableService> {
  const settings = loadSettings(serviceSettings, { NODE_ENV: 'development' });
  const dependencies = createDependencies(settings, {
    logger: createLogger({ service: 'build', level: 'error' }),
    metrics: createMetrics(),
    database: createSilentDatabase(),
    sharedStore: createMemoryStore({ now: Date.now }),
    keyRing: createKeyRing({ keys: [await importSigningKey(await generateSigningKeyPem())] }),
    mailer: { send: () => Promise.resolve(), close: () => Promise.resolve() },
  });
  const options: AppOptions = { ...appOptions(settings), localPasswords: 'on', registration };
  const app = await buildApp(dependencies, { ...options, installDocs: installOpenApi });
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
