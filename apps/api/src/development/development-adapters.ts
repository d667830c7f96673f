import { readEnvironment } from '@redoubt/config';
import type { Logger } from '@redoubt/logging';
import { createFolderMailer, createSmtpMailer, type Mailer } from '@redoubt/mail';
import {
  connectValkey,
  createMemoryStore,
  type Database,
  migrate,
  openEmbedded,
  openPostgres,
  type SharedStore,
} from '@redoubt/storage';

import type { DatabaseSchema } from '../database-schema.ts';
import { migrationsDirectory } from '../migrations-directory.ts';
import type { ServiceSecrets } from '../secrets/watch-secrets.ts';
import { databaseOptions, sharedStoreOptions } from '../server-options.ts';
import type { Settings } from '../settings.ts';
import { mailTrust } from '../tls/server-trust.ts';
import { supervisedEngine } from './supervisor/supervised.ts';
import type { LocalState } from './local-state.ts';

/** What opens the servers of a development start. */
export interface DevelopmentContext {
  readonly state: LocalState;
  readonly secrets: ServiceSecrets;
  readonly logger: Logger;
}

/** The servers that the settings name, and embedded ones in place of those that they do not. */
export async function openDevelopmentAdapters(
  settings: Settings,
  context: DevelopmentContext,
): Promise<{ database: Database<DatabaseSchema>; sharedStore: SharedStore; mailer: Mailer }> {
  return {
    database: await openDatabase(settings, context),
    sharedStore: openSharedStore(settings, context),
    mailer: openMailer(settings, context),
  };
}

/** Opens an embedded database, with every migration applied; in memory without a directory. */
export async function openEmbeddedDatabase(directory?: string): Promise<Database<DatabaseSchema>> {
  const engine = directory === undefined ? undefined : supervisedEngine(directory, readEnvironment());
  const place = directory === undefined ? {} : { directory };
  const database = await openEmbedded<DatabaseSchema>(engine === undefined ? place : { engine });
  await migrate({ database, directory: migrationsDirectory });
  return database;
}

async function openDatabase(settings: Settings, { state, secrets, logger }: DevelopmentContext) {
  const options = databaseOptions(settings, secrets);
  return options === undefined
    ? openEmbeddedDatabase(state.databaseDirectory)
    : openPostgres<DatabaseSchema>({ ...options, logger });
}

function openSharedStore(settings: Settings, { secrets, logger }: DevelopmentContext): SharedStore {
  const options = sharedStoreOptions(settings, secrets, logger);
  return options === undefined ? createMemoryStore({ now: Date.now }) : connectValkey(options);
}

function openMailer(settings: Settings, { state, secrets, logger }: DevelopmentContext): Mailer {
  const { MAIL_URL, MAIL_FROM } = settings;
  if (MAIL_URL === undefined) return createFolderMailer({ directory: state.mailDirectory, logger, now: Date.now });
  const password = secrets.MAIL_PASSWORD === undefined ? {} : { password: secrets.MAIL_PASSWORD };
  return createSmtpMailer({
    url: MAIL_URL,
    from: MAIL_FROM ?? 'service@service.example',
    ...mailTrust(settings),
    ...password,
  });
}
