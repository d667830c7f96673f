import { join } from 'node:path';

import type { Logger } from '@redoubt/logging';
import {
  connectValkey,
  createMemoryStore,
  type Database,
  migrate,
  openEmbedded,
  openPostgres,
  type SharedStore,
} from '@redoubt/storage';

import type { ServiceDatabase, ServiceSchema } from '../database/service-database.ts';
import type { Service } from '../define-service.ts';
import type { ServiceSecrets } from '../secrets/watch-secrets.ts';
import { databaseOptions, sharedStoreOptions } from '../server-options.ts';
import type { ServiceSettings } from '../settings/service-settings.ts';

/** What opens the servers of a development start. */
export interface DevelopmentContext {
  /** Where its state is. */
  readonly directory: string;
  readonly secrets: ServiceSecrets;
  readonly logger: Logger;
}

/** The servers that the settings name, and embedded ones in place of those that they do not. */
export async function openDevelopmentServers(
  service: Service,
  settings: ServiceSettings,
  context: DevelopmentContext,
): Promise<{ database: Database<ServiceSchema>; sharedStore: SharedStore }> {
  return {
    database: await openDatabase(service, settings, context),
    sharedStore: openSharedStore(service, settings, context),
  };
}

/** Opens an embedded database, with every migration applied; in memory without a directory. */
export async function openEmbeddedDatabase<Schema extends ServiceSchema>(
  { migrations }: ServiceDatabase<Schema>,
  directory?: string,
): Promise<Database<Schema>> {
  const database = await openEmbedded<Schema>(directory === undefined ? {} : { directory });
  await migrate({ database, directory: migrations });
  return database;
}

async function openDatabase(
  service: Service,
  settings: ServiceSettings,
  { directory, secrets, logger }: DevelopmentContext,
): Promise<Database<ServiceSchema>> {
  const options = databaseOptions(service.name, settings, secrets);
  return options === undefined
    ? openEmbeddedDatabase(service.database, join(directory, 'database'))
    : openPostgres<ServiceSchema>({ ...options, logger });
}

function openSharedStore(
  service: Service,
  settings: ServiceSettings,
  { secrets, logger }: DevelopmentContext,
): SharedStore {
  const options = sharedStoreOptions(service.name, settings, secrets, logger);
  return options === undefined ? createMemoryStore({ now: Date.now }) : connectValkey(options);
}
