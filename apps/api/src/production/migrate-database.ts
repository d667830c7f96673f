import { type LoadedSettings, loadSettings, readEnvironment } from '@redoubt/config';
import { closeLogger, createLogger, type Logger } from '@redoubt/logging';
import { createSecretResolver, fixedSecret, type SecretResolver } from '@redoubt/secrets';
import { migrate, MIGRATION_STATEMENT_TIMEOUT_MS, openPostgres } from '@redoubt/storage';

import type { DatabaseSchema } from '../database-schema.ts';
import { migrationsDirectory } from '../migrations-directory.ts';
import { createServiceSources } from '../secrets/open-secrets.ts';
import { migrationSettings } from '../migration-settings.ts';
import { SERVICE_NAME } from '../settings.ts';
import { databaseTrust } from '../tls/server-trust.ts';

type MigrationSettings = LoadedSettings<typeof migrationSettings>;

/** Brings the database up to date as the role that owns the schema, and ends. Running it again changes nothing. */
export async function migrateDatabase(): Promise<void> {
  const environment = readEnvironment();
  const settings = loadSettings(migrationSettings, environment);
  const logger = createLogger({ service: SERVICE_NAME, level: settings.LOG_LEVEL });
  const sources = createServiceSources(settings, environment);
  try {
    const { applied, total } = await migrateWith(settings, createSecretResolver(sources), logger);
    logger.info({ applied, total }, 'the database is up to date');
  } finally {
    // Leases of the migrator's credentials go back whatever came of it.
    await sources.close();
    await closeLogger(logger);
  }
}

async function migrateWith(settings: MigrationSettings, secrets: SecretResolver, logger: Logger) {
  const { MIGRATION_DATABASE_PASSWORD: reference } = settings;
  const database = openPostgres<DatabaseSchema>({
    url: settings.MIGRATION_DATABASE_URL,
    ...(reference === undefined ? {} : { password: fixedSecret(await secrets.resolve(reference)) }),
    ...databaseTrust(settings),
    applicationName: `${SERVICE_NAME}-migrations`,
    poolMax: 1,
    statementTimeoutMs: MIGRATION_STATEMENT_TIMEOUT_MS,
    logger,
  });
  try {
    return await migrate({ database, directory: migrationsDirectory });
  } finally {
    await database.close();
  }
}
