import { Kysely, PGliteDialect, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { ping } from '../database/ping.ts';
import { createRoles } from '../roles/create-roles.ts';
import { DEFAULT_ROLES } from '../roles/role-names.ts';
import { type EmbeddedEngine, openEmbeddedEngine } from './embedded-engine.ts';

export interface EmbeddedOptions {
  /** Where the database lives, for one process at a time. Absent: in memory, gone with the process. */
  readonly directory?: string;
  /** An engine that runs already, in place of one of its own; closing the database closes it. */
  readonly engine?: EmbeddedEngine;
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
  const pglite = options.engine ?? (await openEmbeddedEngine(options.directory));
  try {
    const kysely = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) });
    const database = { kysely, ping: () => ping(kysely), close: () => kysely.destroy() };
    if (!(await hasRoles(kysely))) await createRoles({ database });
    await sql`set role ${sql.id(DEFAULT_ROLES.runtime)}`.execute(kysely);
    return database;
  } catch (error) {
    await pglite.close();
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
