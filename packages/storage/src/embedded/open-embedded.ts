import { Buffer } from 'node:buffer';
import type { PGliteOptions } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, sql } from 'kysely';
import { BYTEA, TEXT_TYPES } from '../database/column-types.ts';
import type { Database } from '../database/database.ts';
import { ping } from '../database/ping.ts';
import { IDLE_IN_TRANSACTION_TIMEOUT_MS, LOCK_TIMEOUT_MS, STATEMENT_TIMEOUT_MS } from '../database/timeouts.ts';
import { createRoles } from '../roles/create-roles.ts';
import { DEFAULT_ROLES } from '../roles/role-names.ts';
import { lockDirectory } from './directory-lock.ts';
import { PGliteAdapter } from './pglite-adapter.ts';

export interface EmbeddedOptions {
  /** Where the database lives, for one process at a time. Absent: in memory, gone with the process. */
  readonly directory?: string;
}

/**
 * Opens PostgreSQL inside this process (PGlite, WebAssembly): the twin of a server, for development and tests.
 *
 * It works as the runtime role from the first query on, so that a missing grant shows here too (SR-49); {@link migrate}
 * changes to the migrator role for its own transactions. It is no barrier: SQL of this process can reset the role.
 * Queries run one after the other. PGlite takes the timeouts of SR-39 and does not act on them.
 *
 * @throws {Error} when another process uses the directory.
 */
export async function openEmbedded<Schema>(options: EmbeddedOptions = {}): Promise<Database<Schema>> {
  const release = options.directory === undefined ? nothingToRelease : await lockDirectory(options.directory);
  try {
    const kysely = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite: await load(options, release) }) });
    const database = { kysely, ping: () => ping(kysely), close: () => kysely.destroy() };
    if (!(await hasRoles(kysely))) await createRoles({ database });
    await sql`set role ${sql.id(DEFAULT_ROLES.runtime)}`.execute(kysely);
    return database;
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * Whether an earlier start has made the roles: in one transaction with their rights, so that they are whole. A directory
 * of before there was a reader gets one now, for migrations grant to it.
 */
async function hasRoles<Schema>(kysely: Kysely<Schema>): Promise<boolean> {
  const { rows } =
    await sql`select from pg_roles where rolname in (${DEFAULT_ROLES.runtime}, ${DEFAULT_ROLES.reader})`.execute(
      kysely,
    );
  return rows.length === 2;
}

async function load({ directory }: EmbeddedOptions, release: () => Promise<void>): Promise<PGliteAdapter> {
  // Imported when it is used: the production bundle holds neither PGlite nor its 20 MB of WebAssembly.
  const { PGlite } = await import('@electric-sql/pglite');
  const pglite = new PGlite({ ...(directory === undefined ? {} : { dataDir: directory }), ...SETTINGS });
  return new PGliteAdapter(pglite, release);
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
