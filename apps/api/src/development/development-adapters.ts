import type { Logger } from '@redoubt/logging';
import { createFolderMailer, createSmtpMailer, type Mailer } from '@redoubt/mail';
import { fixedSecret, type LiveSecret, type SecretReference, type SecretResolver } from '@redoubt/secrets';
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
import { SERVICE_NAME, type Settings } from '../settings.ts';
import type { LocalState } from './local-state.ts';

/** What opens the servers of a development start. */
export interface DevelopmentContext {
  readonly state: LocalState;
  readonly secrets: SecretResolver;
  readonly logger: Logger;
}

/** The servers that the settings name, and embedded ones in place of those that they do not. */
export async function openDevelopmentAdapters(
  settings: Settings,
  context: DevelopmentContext,
): Promise<{ database: Database<DatabaseSchema>; sharedStore: SharedStore; mailer: Mailer }> {
  return {
    database: await openDatabase(settings, context),
    sharedStore: await openSharedStore(settings, context),
    mailer: await openMailer(settings, context),
  };
}

/** Opens an embedded database, with every migration applied; in memory without a directory. */
export async function openEmbeddedDatabase(directory?: string): Promise<Database<DatabaseSchema>> {
  const database = await openEmbedded<DatabaseSchema>(directory === undefined ? {} : { directory });
  await migrate({ database, directory: migrationsDirectory });
  return database;
}

async function openDatabase(
  { DATABASE_URL, DATABASE_PASSWORD, DATABASE_POOL_MAX }: Settings,
  { state, secrets, logger }: DevelopmentContext,
) {
  if (DATABASE_URL === undefined) return openEmbeddedDatabase(state.databaseDirectory);
  const password = await passwordOf(secrets, DATABASE_PASSWORD);
  return openPostgres<DatabaseSchema>({
    url: DATABASE_URL,
    ...password,
    applicationName: SERVICE_NAME,
    poolMax: DATABASE_POOL_MAX,
    logger,
  });
}

async function openSharedStore(
  { VALKEY_URL, VALKEY_USERNAME, VALKEY_PASSWORD }: Settings,
  { secrets, logger }: DevelopmentContext,
): Promise<SharedStore> {
  if (VALKEY_URL === undefined) return createMemoryStore({ now: Date.now });
  const username = VALKEY_USERNAME === undefined ? {} : { username: VALKEY_USERNAME };
  const password = await passwordOf(secrets, VALKEY_PASSWORD);
  return connectValkey({ url: VALKEY_URL, ...username, ...password, keyPrefix: `${SERVICE_NAME}:`, logger });
}

async function openMailer(
  { MAIL_URL, MAIL_FROM, MAIL_PASSWORD }: Settings,
  { state, secrets, logger }: DevelopmentContext,
): Promise<Mailer> {
  if (MAIL_URL === undefined) return createFolderMailer({ directory: state.mailDirectory, logger, now: Date.now });
  const password = await passwordOf(secrets, MAIL_PASSWORD);
  return createSmtpMailer({ url: MAIL_URL, from: MAIL_FROM ?? 'service@service.example', ...password });
}

async function passwordOf(
  secrets: SecretResolver,
  reference: SecretReference | undefined,
): Promise<{ password?: LiveSecret }> {
  return reference === undefined ? {} : { password: fixedSecret(await secrets.resolve(reference)) };
}
