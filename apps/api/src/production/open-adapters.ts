import type { Logger } from '@redoubt/logging';
import { createSmtpMailer, type Mailer } from '@redoubt/mail';
import { connectValkey, type Database, openPostgres, type SharedStore, type ValkeyOptions } from '@redoubt/storage';

import type { DatabaseSchema } from '../database-schema.ts';
import type { ServiceSecrets } from '../secrets/watch-secrets.ts';
import { SERVICE_NAME, type Settings } from '../settings.ts';

/** The servers of a production start. Each connects when it is first needed. */
export interface ProductionAdapters {
  readonly database: Database<DatabaseSchema>;
  readonly sharedStore: SharedStore;
  /** How the shared store is reached, for the self-check. */
  readonly sharedStoreOptions: ValkeyOptions;
  readonly mailer: Mailer;
}

/** Opens the real servers, with passwords that follow their rotation (SR-52). */
export function openAdapters(settings: Settings, secrets: ServiceSecrets, logger: Logger): ProductionAdapters {
  const { DATABASE_USERNAME: username, DATABASE_PASSWORD, VALKEY_PASSWORD, MAIL_PASSWORD } = secrets;
  const sharedStoreOptions = {
    url: demand(settings.VALKEY_URL),
    ...(settings.VALKEY_USERNAME === undefined ? {} : { username: settings.VALKEY_USERNAME }),
    ...passwordOf(VALKEY_PASSWORD),
    keyPrefix: `${SERVICE_NAME}:`,
    logger,
  };
  return {
    database: openPostgres<DatabaseSchema>({
      url: demand(settings.DATABASE_URL),
      ...(username === undefined ? {} : { username }),
      ...passwordOf(DATABASE_PASSWORD),
      applicationName: SERVICE_NAME,
      poolMax: settings.DATABASE_POOL_MAX,
      logger,
    }),
    sharedStore: connectValkey(sharedStoreOptions),
    sharedStoreOptions,
    mailer: createSmtpMailer({
      url: demand(settings.MAIL_URL),
      from: demand(settings.MAIL_FROM),
      ...passwordOf(MAIL_PASSWORD),
    }),
  };
}

function passwordOf<Password>(password: Password | undefined): { password?: Password } {
  return password === undefined ? {} : { password };
}

/** The settings' own rules refuse production without it; here the type learns it. */
export function demand<Value>(value: Value | undefined): Value {
  if (value === undefined)
    throw new TypeError('this entry point runs in production only; for development there is dev.ts');
  return value;
}
