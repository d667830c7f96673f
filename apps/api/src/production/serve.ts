import { createKeyRotation, importSigningKeySchedule } from '@redoubt/auth';
import { loadSettings, readEnvironment } from '@redoubt/config';
import { createLogger } from '@redoubt/logging';
import { createSmtpMailer } from '@redoubt/mail';
import {
  createSecretResolver,
  createSecretSources,
  type Secret,
  type SecretReference,
  type SecretResolver,
} from '@redoubt/secrets';
import { connectValkey, openPostgres } from '@redoubt/storage';

import type { DatabaseSchema } from '../database-schema.ts';
import { readTrustedIssuers } from '../issuers/read-trusted-issuers.ts';
import { createDependencies, startService } from '../service.ts';
import { createAlertTarget } from '../security-events/create-alert-target.ts';
import { readSignedCallers } from '../signed-callers/read-signed-callers.ts';
import { reloadSigningKeysOnSignal } from '../signing-keys/reload-signing-keys.ts';
import { SERVICE_NAME, serviceSettings } from '../settings.ts';
import { createTlsReader } from '../tls/read-tls-material.ts';

/** Serves with real servers and secrets from where the settings say. */
export async function serve(): Promise<void> {
  const environment = readEnvironment();
  const settings = loadSettings(serviceSettings, environment);
  const trustedIssuers = await readTrustedIssuers(settings);
  const logger = createLogger({ service: SERVICE_NAME, level: settings.LOG_LEVEL });
  const secrets = createSecretResolver(createSecretSources({ environment, mode: settings.NODE_ENV }));
  const signedCallers = await readSignedCallers(settings, secrets);
  const readSigningKeys = (): Promise<Secret> => secrets.resolve(demand(settings.SIGNING_KEY));
  const rotation = createKeyRotation({ keys: await importSigningKeySchedule(await readSigningKeys()) });
  reloadSigningKeysOnSignal({ rotation, read: readSigningKeys, logger });
  const database = openPostgres<DatabaseSchema>({
    url: demand(settings.DATABASE_URL),
    ...(await passwordOf(secrets, settings.DATABASE_PASSWORD)),
    applicationName: SERVICE_NAME,
    poolMax: settings.DATABASE_POOL_MAX,
    logger,
  });
  const sharedStore = connectValkey({
    url: demand(settings.VALKEY_URL),
    ...(settings.VALKEY_USERNAME === undefined ? {} : { username: settings.VALKEY_USERNAME }),
    ...(await passwordOf(secrets, settings.VALKEY_PASSWORD)),
    keyPrefix: `${SERVICE_NAME}:`,
    logger,
  });
  const mailer = createSmtpMailer({
    url: demand(settings.MAIL_URL),
    from: demand(settings.MAIL_FROM),
    ...(await passwordOf(secrets, settings.MAIL_PASSWORD)),
  });
  const { keyRing } = rotation;
  const alerts = await createAlertTarget(settings, secrets);
  const adapters = { logger, database, sharedStore, keyRing, trustedIssuers, signedCallers, mailer, ...alerts };
  await startService(settings, createDependencies(settings, adapters), { readTls: createTlsReader(settings, secrets) });
}

async function passwordOf(
  secrets: SecretResolver,
  reference: SecretReference | undefined,
): Promise<{ password?: Secret }> {
  return reference === undefined ? {} : { password: await secrets.resolve(reference) };
}

/** The settings' own rules refuse production without it; here the type learns it. */
function demand<Value>(value: Value | undefined): Value {
  if (value === undefined)
    throw new TypeError('this entry point runs in production only; for development there is dev.ts');
  return value;
}
