import { readFileSync } from 'node:fs';

import type { PostgresTls, ValkeyTls } from '@redoubt/storage';

import type { Settings } from '../settings.ts';

/** How the database proves who it is (SR-28): nothing weaker than `verify-full`, or no TLS at all. */
export function databaseTrust({
  DATABASE_TLS,
  DATABASE_CA_FILE,
}: Pick<Settings, 'DATABASE_TLS' | 'DATABASE_CA_FILE'>): { ssl?: () => PostgresTls } {
  if (DATABASE_TLS === 'off') return {};
  const read = liveFile(DATABASE_CA_FILE);
  return { ssl: () => authorities(read()) };
}

/** How the shared store proves who it is, where its address asks for TLS (SR-28). */
export function sharedStoreTrust({ VALKEY_URL = '', VALKEY_CA_FILE }: Settings): { tls?: () => ValkeyTls } {
  if (!VALKEY_URL.startsWith('rediss:')) return {};
  const read = liveFile(VALKEY_CA_FILE);
  return { tls: () => authorities(read()) };
}

function authorities(ca: string | undefined): { readonly ca?: string } {
  return ca === undefined ? {} : { ca };
}

/**
 * Makes what reads a file at each new connection, so that an authority is replaced without a restart. A file that cannot
 * be read any more leaves what was read last; the first reading throws.
 */
function liveFile(path: string | undefined): () => string | undefined {
  if (path === undefined) return () => undefined;
  let last = readFileSync(path, 'utf8');
  return () => {
    try {
      last = readFileSync(path, 'utf8');
    } catch {
      // The self-check of the next start tells; a connection goes on with the authorities that it had.
    }
    return last;
  };
}
