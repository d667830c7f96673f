import type { Secret } from '@redoubt/secrets';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../database/database.ts';
import { assertRoleNames, DEFAULT_ROLES, type RoleNames } from './role-names.ts';
import { createScramVerifier } from './scram-verifier.ts';

export interface CreateRolesOptions<Schema> {
  /** The database to prepare, opened as a superuser. */
  readonly database: Database<Schema>;
  readonly roles?: RoleNames;
  /** Absent: the role keeps the password it has, or has none and cannot sign in with one. */
  readonly migratorPassword?: Secret;
  readonly runtimePassword?: Secret;
}

/**
 * Creates the service's two roles and gives each what it may do in this database (SR-49).
 *
 * The migrator owns the schema `public`. The runtime role reads and writes rows of the tables that the migrator will
 * create: no DDL, no TRUNCATE, no temporary tables. Everybody else gets nothing. Running it again repairs attributes
 * and changes the given passwords; rights on tables that exist already stay as migrations left them.
 *
 * @throws {TypeError} for role names and passwords that cannot be used.
 */
export async function createRoles<Schema>(options: CreateRolesOptions<Schema>): Promise<void> {
  const { database, roles = DEFAULT_ROLES, migratorPassword, runtimePassword } = options;
  assertRoleNames(roles);
  const passwords = [
    ...(await toPasswordStatements(roles.migrator, migratorPassword)),
    ...(await toPasswordStatements(roles.runtime, runtimePassword)),
  ];
  await database.kysely.transaction().execute(async (transaction) => {
    const statements = [
      ...toRoleStatements(roles.migrator),
      ...toRoleStatements(roles.runtime),
      ...passwords,
      ...toDatabaseStatements(roles, await readDatabaseName(transaction)),
      ...toSchemaStatements(roles),
    ];
    for (const statement of statements) await statement.execute(transaction);
  });
}

function toRoleStatements(name: string): RawBuilder<unknown>[] {
  const role = sql.id(name);
  return [
    // There is no CREATE ROLE IF NOT EXISTS. The name was checked: it needs no quoting.
    sql.raw(`do $$ begin create role ${name}; exception when duplicate_object or unique_violation then null; end $$`),
    sql`alter role ${role} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls`,
  ];
}

async function toPasswordStatements(name: string, password: Secret | undefined): Promise<RawBuilder<unknown>[]> {
  if (password === undefined) return [];
  return [sql`alter role ${sql.id(name)} password ${sql.lit(await createScramVerifier(password))}`];
}

function toDatabaseStatements(roles: RoleNames, databaseName: string): RawBuilder<unknown>[] {
  const [database, migrator, runtime] = [sql.id(databaseName), sql.id(roles.migrator), sql.id(roles.runtime)];
  return [
    sql`revoke all on database ${database} from public, ${runtime}`,
    sql`grant connect on database ${database} to ${runtime}`,
    // CREATE: trusted extensions; TEMPORARY: migrations that move data.
    sql`grant connect, create, temporary on database ${database} to ${migrator}`,
  ];
}

function toSchemaStatements(roles: RoleNames): RawBuilder<unknown>[] {
  const [migrator, runtime] = [sql.id(roles.migrator), sql.id(roles.runtime)];
  return [
    sql`alter schema public owner to ${migrator}`,
    sql`revoke all on schema public from public, ${runtime}`,
    sql`grant usage on schema public to ${runtime}`,
    sql`alter default privileges for role ${migrator} in schema public
      grant select, insert, update, delete on tables to ${runtime}`,
    sql`alter default privileges for role ${migrator} in schema public grant usage, select on sequences to ${runtime}`,
    // A function runs with its caller's rights, or its owner's: a migration grants each one it means to be called.
    sql`alter default privileges for role ${migrator} revoke execute on functions from public`,
  ];
}

async function readDatabaseName<Schema>(transaction: Transaction<Schema>): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(transaction);
  const [row] = rows;
  if (row === undefined) throw new TypeError('the database did not tell its name');
  return row.name;
}
