import { sql, type Transaction } from 'kysely';
import type { RoleNames } from '../roles/role-names.ts';
import type { MigrationFile } from './migration-files.ts';
import type { AppliedMigration } from './next-migration.ts';

/** Creates the table of applied migrations when it is not there. The running service may read it, and only that. */
export async function ensureHistory<Schema>(transaction: Transaction<Schema>, roles: RoleNames): Promise<void> {
  const { rows } = await sql<{ name: string | null }>`
    select to_regclass('public.schema_migrations')::text as name`.execute(transaction);
  if (rows[0]?.name !== null) return;
  await sql`
    create table public.schema_migrations (
      number integer primary key,
      name text not null unique,
      sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
      applied_at timestamptz not null default now()
    )`.execute(transaction);
  await sql`revoke insert, update, delete on public.schema_migrations from ${sql.id(roles.runtime)}`.execute(
    transaction,
  );
}

/** What was applied so far, first to last. */
export async function readHistory<Schema>(transaction: Transaction<Schema>): Promise<readonly AppliedMigration[]> {
  const { rows } = await sql<AppliedMigration>`
    select number, name, sha256 from public.schema_migrations order by number`.execute(transaction);
  return rows;
}

export async function recordMigration<Schema>(
  transaction: Transaction<Schema>,
  { number, name, sha256 }: MigrationFile,
): Promise<void> {
  await sql`
    insert into public.schema_migrations (number, name, sha256)
    values (${number}, ${name}, ${sha256})`.execute(transaction);
}
