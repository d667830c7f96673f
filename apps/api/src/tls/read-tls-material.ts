import { readFile } from 'node:fs/promises';

import type { SecretResolver } from '@redoubt/secrets';
import type { TlsMaterial } from '@redoubt/server';

import type { Settings } from '../settings.ts';

/** Reads certificate, key and client authority from where the settings say; `undefined` when they ask for no TLS. */
export function createTlsReader(settings: Settings, secrets: SecretResolver): (() => Promise<TlsMaterial>) | undefined {
  const { TLS_CERTIFICATE_FILE, TLS_KEY, TLS_CLIENT_CA_FILE } = settings;
  if (TLS_CERTIFICATE_FILE === undefined || TLS_KEY === undefined || TLS_CLIENT_CA_FILE === undefined) return undefined;
  return async () => ({
    certificate: await readFile(TLS_CERTIFICATE_FILE, 'utf8'),
    key: await secrets.resolve(TLS_KEY),
    clientAuthority: await readFile(TLS_CLIENT_CA_FILE, 'utf8'),
  });
}
