import {
  createSecretReader,
  type Environment,
  NotCheckedError,
  type SecretOutcome,
  type SecretReader,
  type SelfCheckReport,
} from '@redoubt/config';
import { fixedSecret, type LiveSecret, type SecretReference } from '@redoubt/secrets';
import { type Database, openPostgres } from '@redoubt/storage';

import type { ServiceSchema } from '../database/service-database.ts';
import type { Service } from '../define-service.ts';
import { createServiceSources } from '../secrets/open-secrets.ts';
import { referenceIn } from '../secrets/secret-declarations.ts';
import type { ServiceSecrets } from '../secrets/watch-secrets.ts';
import { databaseOptions, sharedStoreOptions } from '../server-options.ts';
import type { ServiceSettings } from '../settings/service-settings.ts';
import { createTlsReader } from '../tls/read-tls-material.ts';
import { checkService } from './check-service.ts';

/** What a server says while it is looked at is in the report, as a check that could not be made. */
const quiet = { info: ignore, warn: ignore, error: ignore };

/**
 * Looks at a service that is not running: reads its secrets once, connects as it would, and leaves nothing behind.
 * Embedded servers of a development start are not opened: a running start may hold them, and there is nothing to judge.
 */
export async function lookAtService(
  service: Service,
  settings: ServiceSettings,
  environment: Environment,
): Promise<SelfCheckReport> {
  const sources = createServiceSources(settings, environment);
  const readSecret = careful(settings, createSecretReader(sources));
  try {
    const secrets = await readAll(service, settings, readSecret);
    const database = openDatabase(service.name, settings, secrets);
    try {
      const readTls = createTlsReader(settings, secrets.TLS_KEY);
      const checked = { service, settings, environment, readSecret, readTls, now: Date.now };
      const { migrations } = service.database;
      const sharedStore = sharedStoreOptions(service.name, settings, secrets, quiet);
      return await checkService(checked, { migrations, database, sharedStore });
    } finally {
      await database?.close();
    }
  } finally {
    await sources.close();
  }
}

/** A wrapped secret id opens Vault once: used up here, it would not open for the start that comes next. */
function careful({ VAULT_SECRET_ID_CONTENT }: ServiceSettings, read: SecretReader): SecretReader {
  return (reference) =>
    reference.scheme === 'vault' && VAULT_SECRET_ID_CONTENT === 'wrapped'
      ? Promise.reject(new NotCheckedError('It would use up the wrapped secret id of the next start.'))
      : read(reference);
}

/** Those that can be read; of the others the checks of secrets tell. */
async function readAll({ secrets }: Service, settings: ServiceSettings, read: SecretReader): Promise<ServiceSecrets> {
  const found = await Promise.all(Object.keys(secrets).map((name) => readOne(settings, name, read)));
  return Object.fromEntries(found.flat());
}

async function readOne(
  settings: ServiceSettings,
  name: string,
  read: SecretReader,
): Promise<readonly (readonly [string, LiveSecret])[]> {
  const reference = referenceIn(settings, name);
  if (reference === undefined) return [];
  const outcome = await readOrNothing(read, reference);
  return outcome === undefined || 'error' in outcome ? [] : [[name, fixedSecret(outcome.material)]];
}

async function readOrNothing(read: SecretReader, reference: SecretReference): Promise<SecretOutcome | undefined> {
  try {
    return await read(reference);
  } catch (error) {
    // The check of this secret is reported as not made.
    if (error instanceof NotCheckedError) return undefined;
    throw error;
  }
}

function openDatabase(
  service: string,
  settings: ServiceSettings,
  secrets: ServiceSecrets,
): Database<ServiceSchema> | undefined {
  const options = databaseOptions(service, settings, secrets);
  return options === undefined ? undefined : openPostgres<ServiceSchema>({ ...options, poolMax: 1 });
}

function ignore(): void {
  // Said by the report.
}
