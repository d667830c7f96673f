import { sql, type Transaction } from 'kysely';
import type { Database } from '../database/database.ts';
import { assertRoleNames, DEFAULT_ROLES, type RoleNames } from '../roles/role-names.ts';
import { MigrationError } from './migration-error.ts';
import { type MigrationFile, readMigrationFiles } from './migration-files.ts';
import { ensureHistory, readHistory, recordMigration } from './migration-history.ts';
import { findNextMigration } from './next-migration.ts';

/**
 * Longest run of one migration's statement, and longest wait for another process that migrates: milliseconds, 10
 * minutes. Open the migrator's database with it as `statementTimeoutMs`; lock_timeout stays at its 2 s, since a DDL
 * statement that waits for a lock makes every later query wait behind it.
 */
export const MIGRATION_STATEMENT_TIMEOUT_MS = 600_000;

/** The advisory lock that whoever migrates a database holds: a number that nothing else in it uses. */
const MIGRATION_LOCK = '32199629386113652';

export interface MigrateOptions<Schema> {
  /** Opened as the migrator, or as a superuser who may become it. */
  readonly database: Database<Schema>;
  /** Directory of `NNNN-name.sql` files: plain SQL, each run in a transaction of its own. */
  readonly directory: string;
  readonly roles?: RoleNames;
}

export interface MigrateResult {
  /** Names of the migrations that this call applied. */
  readonly applied: readonly string[];
  /** Number of migrations that the database has now. */
  readonly total: number;
}

/**
 * Brings the schema up to date: applies each file that was not applied yet, as the migrator role, and records its name
 * and hash in `schema_migrations`.
 *
 * A file is applied as a whole or not at all. Running it again does nothing. Any number of processes may call it at
 * once: each file is applied once, since each transaction takes the same lock and then looks again. Needs the roles of
 * {@link createRoles}.
 *
 * @throws {MigrationError} when a file is misnamed, or what was applied is not what lies in the directory, or a
 * statement fails.
 */
export async function migrate<Schema>(options: MigrateOptions<Schema>): Promise<MigrateResult> {
  const { database, directory, roles = DEFAULT_ROLES } = options;
  assertRoleNames(roles);
  const files = await readMigrationFiles(directory);
  const applied: string[] = [];
  for (;;) {
    const name = await database.kysely.transaction().execute((transaction) => applyNext(transaction, files, roles));
    if (name === undefined) return { applied, total: files.length };
    applied.push(name);
  }
}

async function applyNext<Schema>(
  transaction: Transaction<Schema>,
  files: readonly MigrationFile[],
  roles: RoleNames,
): Promise<string | undefined> {
  await sql`set local role ${sql.id(roles.migrator)}`.execute(transaction);
  await takeLock(transaction);
  await ensureHistory(transaction, roles);
  const next = findNextMigration(files, await readHistory(transaction));
  if (next === undefined) return undefined;
  await apply(transaction, next);
  await recordMigration(transaction, next);
  return next.name;
}

/** Waits as long as a statement may: another process may be in the middle of a long migration. */
async function takeLock<Schema>(transaction: Transaction<Schema>): Promise<void> {
  const { rows } = await sql<{ setting: string }>`select current_setting('lock_timeout') as setting`.execute(
    transaction,
  );
  await sql`select set_config('lock_timeout', '0', true)`.execute(transaction);
  await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)}::bigint)`.execute(transaction);
  await sql`select set_config('lock_timeout', ${rows[0]?.setting ?? '0'}, true)`.execute(transaction);
}

async function apply<Schema>(transaction: Transaction<Schema>, file: MigrationFile): Promise<void> {
  const before = await readTransactionId(transaction);
  try {
    await sql.raw(file.text).execute(transaction);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown error';
    throw new MigrationError('MIGRATION_FAILED', `${file.name}.sql failed: ${reason}`, { cause: error });
  }
  if ((await readTransactionId(transaction)) === before) return;
  throw new MigrationError(
    'MIGRATION_TRANSACTION',
    `${file.name}.sql ended its transaction and may be applied in part: remove its BEGIN, COMMIT and ROLLBACK`,
  );
}

async function readTransactionId<Schema>(transaction: Transaction<Schema>): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`select pg_current_xact_id()::text as id`.execute(transaction);
  return rows[0]?.id;
}
