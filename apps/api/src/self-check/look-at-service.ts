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

import type { DatabaseSchema } from '../database-schema.ts';
import { createServiceSources } from '../secrets/open-secrets.ts';
import { type SecretSetting, secretSettings, type ServiceSecrets } from '../secrets/watch-secrets.ts';
import { databaseOptions, sharedStoreOptions } from '../server-options.ts';
import type { Settings } from '../settings.ts';
import { createTlsReader } from '../tls/read-tls-material.ts';
import { checkService } from './check-service.ts';

/** What a server says while it is looked at is in the report, as a check that could not be made. */
const quiet = { info: ignore, warn: ignore, error: ignore };

/**
 * Looks at a service that is not running: reads its secrets once, connects as it would, and leaves nothing behind.
 * Embedded servers of a development start are not opened: a running start may hold them, and there is nothing to judge.
 */
export async function lookAtService(settings: Settings, environment: Environment): Promise<SelfCheckReport> {
  const sources = createServiceSources(settings, environment);
  const readSecret = careful(settings, createSecretReader(sources));
  try {
    const secrets = await readAll(settings, readSecret);
    const database = openDatabase(settings, secrets);
    try {
      const readTls = createTlsReader(settings, secrets.TLS_KEY);
      const checked = { settings, environment, readSecret, readTls, now: Date.now };
      return await checkService(checked, { database, sharedStore: sharedStoreOptions(settings, secrets, quiet) });
    } finally {
      await database?.close();
    }
  } finally {
    await sources.close();
  }
}

/** A wrapped secret id opens Vault once: used up here, it would not open for the start that comes next. */
function careful({ VAULT_SECRET_ID_CONTENT }: Settings, read: SecretReader): SecretReader {
  return (reference) =>
    reference.scheme === 'vault' && VAULT_SECRET_ID_CONTENT === 'wrapped'
      ? Promise.reject(new NotCheckedError('It would use up the wrapped secret id of the next start.'))
      : read(reference);
}

/** Those that can be read; of the others the checks of secrets tell. */
async function readAll(settings: Settings, read: SecretReader): Promise<ServiceSecrets> {
  const found = await Promise.all(secretSettings.map((name) => readOne(settings, name, read)));
  return Object.fromEntries(found.flat());
}

async function readOne(
  settings: Settings,
  name: SecretSetting,
  read: SecretReader,
): Promise<readonly (readonly [SecretSetting, LiveSecret])[]> {
  const reference = settings[name];
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

function openDatabase(settings: Settings, secrets: ServiceSecrets): Database<DatabaseSchema> | undefined {
  const options = databaseOptions(settings, secrets);
  return options === undefined ? undefined : openPostgres<DatabaseSchema>({ ...options, poolMax: 1 });
}

function ignore(): void {
  // Said by the report.
}
