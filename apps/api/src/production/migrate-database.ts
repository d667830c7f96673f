import { loadSettings, readEnvironment } from '@redoubt/config';
import { closeLogger, createLogger } from '@redoubt/logging';
import { createSecretResolver, fixedSecret } from '@redoubt/secrets';
import { migrate, MIGRATION_STATEMENT_TIMEOUT_MS, openPostgres } from '@redoubt/storage';

import type { DatabaseSchema } from '../database-schema.ts';
import { migrationsDirectory } from '../migrations-directory.ts';
import { createServiceSources } from '../secrets/open-secrets.ts';
import { migrationSettings } from '../migration-settings.ts';
import { SERVICE_NAME } from '../settings.ts';
import { databaseTrust } from '../tls/server-trust.ts';

/** Brings the database up to date as the role that owns the schema, and ends. Running it again changes nothing. */
export async function migrateDatabase(): Promise<void> {
  const environment = readEnvironment();
  const settings = loadSettings(migrationSettings, environment);
  const logger = createLogger({ service: SERVICE_NAME, level: settings.LOG_LEVEL });
  const sources = createServiceSources(settings, environment);
  const secrets = createSecretResolver(sources);
  const reference = settings.MIGRATION_DATABASE_PASSWORD;
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
    const { applied, total } = await migrate({ database, directory: migrationsDirectory });
    logger.info({ applied, total }, 'the database is up to date');
  } finally {
    await database.close();
    await sources.close();
    await closeLogger(logger);
  }
}
