import type { Logger } from '@redoubt/logging';
import { connectValkey, type Database, openPostgres, type SharedStore, type ValkeyOptions } from '@redoubt/storage';

import type { ServiceSchema } from './database/service-database.ts';
import type { ServiceSecrets } from './secrets/watch-secrets.ts';
import { databaseOptions, sharedStoreOptions } from './server-options.ts';
import type { ServiceSettings } from './settings/service-settings.ts';

/** The servers of a production start. Each connects when it is first needed. */
export interface ProductionServers<Schema extends ServiceSchema> {
  readonly database: Database<Schema>;
  readonly sharedStore: SharedStore;
  /** How the shared store is reached, for the self-check. */
  readonly checkedStore: ValkeyOptions;
}

/** Opens the real servers, with passwords that follow their rotation (SR-52). */
export function openServers<Schema extends ServiceSchema>(
  service: string,
  settings: ServiceSettings,
  secrets: ServiceSecrets,
  logger: Logger,
): ProductionServers<Schema> {
  const checkedStore = demand(sharedStoreOptions(service, settings, secrets, logger));
  return {
    database: openPostgres<Schema>({ ...demand(databaseOptions(service, settings, secrets)), logger }),
    sharedStore: connectValkey(checkedStore),
    checkedStore,
  };
}

/** The settings' own rules refuse production without it; here the type learns it. */
export function demand<Value>(value: Value | undefined): Value {
  if (value === undefined)
    throw new TypeError('this entry point runs in production only; for development there is dev.ts');
  return value;
}
