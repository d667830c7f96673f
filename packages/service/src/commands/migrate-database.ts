import { type LoadedSettings, loadSettings, readEnvironment } from '@redoubt/config';
import { closeLogger, createLogger, type Logger } from '@redoubt/logging';
import { createSecretResolver, fixedSecret, type SecretResolver } from '@redoubt/secrets';
import { migrate, MIGRATION_STATEMENT_TIMEOUT_MS, openPostgres } from '@redoubt/storage';

import type { ServiceDatabase, ServiceSchema } from '../database/service-database.ts';
import { createServiceSources } from '../secrets/open-secrets.ts';
import { migrationSettings } from '../settings/migration-settings.ts';
import { databaseTrust } from '../tls/server-trust.ts';

type MigrationSettings = LoadedSettings<typeof migrationSettings>;

/** Brings the database up to date as the role that owns the schema, and ends. Running it again changes nothing. */
export async function migrateDatabase(target: ServiceDatabase): Promise<void> {
  const environment = readEnvironment();
  const settings = loadSettings(migrationSettings, environment);
  const logger = createLogger({ service: target.service, level: settings.LOG_LEVEL });
  const sources = createServiceSources(settings, environment);
  try {
    const { applied, total } = await migrateWith(target, settings, createSecretResolver(sources), logger);
    logger.info({ applied, total }, 'the database is up to date');
  } finally {
    // Leases of the migrator's credentials go back whatever came of it.
    await sources.close();
    await closeLogger(logger);
  }
}

async function migrateWith(
  { service, migrations }: ServiceDatabase,
  settings: MigrationSettings,
  secrets: SecretResolver,
  logger: Logger,
) {
  const { MIGRATION_DATABASE_PASSWORD: reference } = settings;
  const database = openPostgres<ServiceSchema>({
    url: settings.MIGRATION_DATABASE_URL,
    ...(reference === undefined ? {} : { password: fixedSecret(await secrets.resolve(reference)) }),
    ...databaseTrust(settings),
    applicationName: `${service}-migrations`,
    poolMax: 1,
    statementTimeoutMs: MIGRATION_STATEMENT_TIMEOUT_MS,
    logger,
  });
  try {
    return await migrate({ database, directory: migrations });
  } finally {
    await database.close();
  }
}
