import type { Logger } from '@redoubt/logging';
import { createSmtpMailer, type Mailer } from '@redoubt/mail';
import { connectValkey, type Database, openPostgres, type SharedStore, type ValkeyOptions } from '@redoubt/storage';

import type { DatabaseSchema } from '../database-schema.ts';
import type { ServiceSecrets } from '../secrets/watch-secrets.ts';
import { databaseOptions, sharedStoreOptions } from '../server-options.ts';
import type { Settings } from '../settings.ts';
import { mailTrust } from '../tls/server-trust.ts';

/** The servers of a production start. Each connects when it is first needed. */
export interface ProductionAdapters {
  readonly database: Database<DatabaseSchema>;
  readonly sharedStore: SharedStore;
  /** How the shared store is reached, for the self-check. */
  readonly checkedStore: ValkeyOptions;
  readonly mailer: Mailer;
}

/** Opens the real servers, with passwords that follow their rotation (SR-52). */
export function openAdapters(settings: Settings, secrets: ServiceSecrets, logger: Logger): ProductionAdapters {
  const checkedStore = demand(sharedStoreOptions(settings, secrets, logger));
  return {
    database: openPostgres<DatabaseSchema>({ ...demand(databaseOptions(settings, secrets)), logger }),
    sharedStore: connectValkey(checkedStore),
    checkedStore,
    mailer: createSmtpMailer({
      url: demand(settings.MAIL_URL),
      from: demand(settings.MAIL_FROM),
      ...mailTrust(settings),
      ...(secrets.MAIL_PASSWORD === undefined ? {} : { password: secrets.MAIL_PASSWORD }),
    }),
  };
}

/** The settings' own rules refuse production without it; here the type learns it. */
export function demand<Value>(value: Value | undefined): Value {
  if (value === undefined)
    throw new TypeError('this entry point runs in production only; for development there is dev.ts');
  return value;
}
