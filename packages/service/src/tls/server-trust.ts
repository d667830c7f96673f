import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { refusedSetting, SettingsError } from '@redoubt/config';

import type { PostgresTls, ValkeyTls } from '@redoubt/storage';

import type { ServiceSettings } from '../settings/service-settings.ts';

/** How the database proves who it is (SR-28): nothing weaker than `verify-full`, or no TLS at all. */
export function databaseTrust({
  DATABASE_TLS,
  DATABASE_CA_FILE,
}: Pick<ServiceSettings, 'DATABASE_TLS' | 'DATABASE_CA_FILE'>): { ssl?: () => PostgresTls } {
  if (DATABASE_TLS === 'off') return {};
  const read = optionalAuthorities('DATABASE_CA_FILE', DATABASE_CA_FILE);
  return { ssl: () => authorities(read()) };
}

/** How the shared store proves who it is, where its address asks for TLS (SR-28). */
export function sharedStoreTrust({
  VALKEY_URL = '',
  VALKEY_CA_FILE,
}: Pick<ServiceSettings, 'VALKEY_URL' | 'VALKEY_CA_FILE'>): { tls?: () => ValkeyTls } {
  if (!VALKEY_URL.startsWith('rediss:')) return {};
  const read = optionalAuthorities('VALKEY_CA_FILE', VALKEY_CA_FILE);
  return { tls: () => authorities(read()) };
}

function authorities(ca: string | undefined): { readonly ca?: string } {
  return ca === undefined ? {} : { ca };
}

/** Without a file, the public authorities hold. */
function optionalAuthorities(setting: string, path: string | undefined): () => string | undefined {
  return path === undefined ? () => undefined : liveAuthorities(setting, path);
}

/**
 * Makes what reads authorities at each new connection, so that they are replaced without a restart. A file that cannot be
 * read any more, or holds no certificate, leaves what was read last: an empty text would mean the public authorities.
 * Throws `SettingsError` when the first reading is of that kind.
 */
export function liveAuthorities(setting: string, path: string): () => string {
  const first = readAuthorities(path);
  if (first === undefined)
    throw new SettingsError([
      refusedSetting('RD-017', setting, 'a file with certificates in PEM', 'Name a file that the service may read.'),
    ]);
  let last = first;
  return () => (last = readAuthorities(path) ?? last);
}

function readAuthorities(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return new X509Certificate(text).ca ? text : undefined;
  } catch {
    // Absent, not ours to read, or no certificate: the caller keeps what it has, or refuses the start.
    return undefined;
  }
}
