import type { Logger } from '@redoubt/logging';
import type { PostgresOptions, ValkeyOptions } from '@redoubt/storage';

import type { ServiceSecrets } from './secrets/watch-secrets.ts';
import type { ServiceSettings } from './settings/service-settings.ts';
import { databaseTrust, sharedStoreTrust } from './tls/server-trust.ts';

/** How the database of the settings is reached; `undefined` where they name none, and an embedded one takes its place. */
export function databaseOptions(
  service: string,
  settings: ServiceSettings,
  secrets: ServiceSecrets,
): PostgresOptions | undefined {
  const { DATABASE_URL: url, DATABASE_POOL_MAX: poolMax } = settings;
  const { DATABASE_USERNAME: username, DATABASE_PASSWORD: password } = secrets;
  if (url === undefined) return undefined;
  return {
    url,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...databaseTrust(settings),
    applicationName: service,
    poolMax,
  };
}

/** The same for the shared store. */
export function sharedStoreOptions(
  service: string,
  settings: ServiceSettings,
  { VALKEY_PASSWORD: password }: ServiceSecrets,
  logger: Pick<Logger, 'info' | 'warn' | 'error'>,
): ValkeyOptions | undefined {
  const { VALKEY_URL: url, VALKEY_USERNAME: username } = settings;
  if (url === undefined) return undefined;
  return {
    url,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...sharedStoreTrust(settings),
    keyPrefix: `${service}:`,
    logger,
  };
}
