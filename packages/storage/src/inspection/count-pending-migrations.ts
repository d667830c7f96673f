import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { readMigrationFiles } from '../migrations/migration-files.ts';

export interface PendingMigrationsOptions<Schema> {
  /** As the running service has it: its role may read which migrations were applied. */
  readonly database: Database<Schema>;
  readonly directory: string;
}

/**
 * How many migrations of the directory the database does not have yet. Migrations that it has and the directory does
 * not are those of a newer version, which the older one lives with while it is replaced.
 *
 * @throws {MigrationError} when a file is misnamed or empty.
 */
export async function countPendingMigrations<Schema>(options: PendingMigrationsOptions<Schema>): Promise<number> {
  const files = await readMigrationFiles(options.directory);
  const applied = await readAppliedNames(options.database.kysely);
  return files.filter(({ name }) => !applied.has(name)).length;
}

async function readAppliedNames<Schema>(kysely: Kysely<Schema>): Promise<ReadonlySet<string>> {
  const { rows: tables } = await sql`
    select where to_regclass('public.schema_migrations') is not null`.execute(kysely);
  if (tables.length === 0) return new Set();
  const { rows } = await sql<{ name: string }>`select name from public.schema_migrations`.execute(kysely);
  return new Set(rows.map(({ name }) => name));
}
