import { Buffer } from 'node:buffer';
import type { PGliteOptions } from '@electric-sql/pglite';
import type { PGliteDialectConfig } from 'kysely';
import { BYTEA, TEXT_TYPES } from '../database/column-types.ts';
import { IDLE_IN_TRANSACTION_TIMEOUT_MS, LOCK_TIMEOUT_MS, STATEMENT_TIMEOUT_MS } from '../database/timeouts.ts';
import { lockDirectory } from './directory-lock.ts';
import { PGliteAdapter } from './pglite-adapter.ts';

/** PostgreSQL without a server, as Kysely takes it: what {@link openEmbedded} makes a database of. */
export type EmbeddedEngine = Exclude<PGliteDialectConfig['pglite'], (...args: never[]) => unknown>;

/**
 * Starts PostgreSQL inside this process, and takes the directory for it; without one it lives in memory.
 *
 * @throws {Error} when another process uses the directory.
 */
export async function openEmbeddedEngine(directory?: string): Promise<EmbeddedEngine> {
  const release = directory === undefined ? nothingToRelease : await lockDirectory(directory);
  try {
    // Imported when it is used: the production bundle holds neither PGlite nor its 20 MB of WebAssembly.
    const { PGlite } = await import('@electric-sql/pglite');
    const pglite = new PGlite({ ...(directory === undefined ? {} : { dataDir: directory }), ...SETTINGS });
    await pglite.waitReady;
    return new PGliteAdapter(pglite, release);
  } catch (error) {
    await release();
    throw error;
  }
}

const SETTINGS: PGliteOptions = {
  parsers: { ...Object.fromEntries(TEXT_TYPES.map((oid) => [oid, asText])), [BYTEA]: fromHex },
  postgresqlconf: [
    `statement_timeout = ${STATEMENT_TIMEOUT_MS}`,
    `lock_timeout = ${LOCK_TIMEOUT_MS}`,
    `idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_TIMEOUT_MS}`,
    "timezone = 'UTC'",
    "datestyle = 'ISO'",
    "intervalstyle = 'iso_8601'",
  ],
};

function asText(value: string): string {
  return value;
}

/** `bytea` as PostgreSQL prints it: `\x` and two digits for each byte. */
function fromHex(value: string): Buffer {
  return Buffer.from(value.slice(2), 'hex');
}

function nothingToRelease(): Promise<void> {
  return Promise.resolve();
}
