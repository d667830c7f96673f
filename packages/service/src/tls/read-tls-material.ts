import { readFile } from 'node:fs/promises';

import type { LiveSecret } from '@redoubt/secrets';
import type { TlsMaterial } from '@redoubt/server';

import type { ServiceSettings } from '../settings/service-settings.ts';

/**
 * Makes what reads certificate, key and client authority from where the settings say; `undefined` when they ask for no
 * TLS, or when the key could not be had.
 */
export function createTlsReader(
  settings: ServiceSettings,
  key: LiveSecret | undefined,
): (() => Promise<TlsMaterial>) | undefined {
  const { TLS_CERTIFICATE_FILE, TLS_CLIENT_CA_FILE } = settings;
  if (TLS_CERTIFICATE_FILE === undefined || key === undefined || TLS_CLIENT_CA_FILE === undefined) return undefined;
  return async () => ({
    certificate: await readFile(TLS_CERTIFICATE_FILE, 'utf8'),
    key: key.current(),
    clientAuthority: await readFile(TLS_CLIENT_CA_FILE, 'utf8'),
  });
}
