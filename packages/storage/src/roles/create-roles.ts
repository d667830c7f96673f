import type { Secret } from '@redoubt/secrets';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { toBackupStatements, toReaderStatements } from './reading-roles.ts';
import { revokeMemberships, type RoleMembership } from './revoke-memberships.ts';
import { assertRoleMembers, type RoleMembers } from './role-members.ts';
import { assertRoleNames, DEFAULT_ROLES, type RoleNames } from './role-names.ts';
import { toRoleStatements, toSignInStatements } from './role-statements.ts';

export interface CreateRolesOptions<Schema> {
  /** The database to prepare, opened as a superuser. */
  readonly database: Database<Schema>;
  readonly roles?: RoleNames;
  /** Absent: the role keeps the password it has, or has none and cannot sign in with one. */
  readonly migratorPassword?: Secret | undefined;
  readonly runtimePassword?: Secret | undefined;
  /** Absent: the reader is there for migrations to grant to, and signs in if it could before. */
  readonly readerPassword?: Secret | undefined;
  /** Absent: no backup role is made; one that is there loses its memberships, and is left alone otherwise. */
  readonly backupPassword?: Secret | undefined;
  /** Who stays a member of which role. Absent: nobody. */
  readonly members?: RoleMembers;
}

/**
 * Creates the service's roles and gives each what it may do in this database (SR-49).
 *
 * The migrator owns the schema `public`. The runtime role reads and writes rows of the tables that the migrator will
 * create: no DDL, no TRUNCATE, no temporary tables. The reader reads the columns that migrations grant to it, the backup
 * role everything; neither writes. Everybody else gets nothing. Running it again repairs attributes, revokes memberships
 * and changes the given passwords; rights on tables that exist already stay as migrations left them.
 *
 * Resolves with the memberships that somebody had granted and that were revoked.
 *
 * @throws {TypeError} for role names, members and passwords that cannot be used.
 */
export async function createRoles<Schema>(options: CreateRolesOptions<Schema>): Promise<readonly RoleMembership[]> {
  const { database, roles = DEFAULT_ROLES, members = {} } = options;
  assertRoleNames(roles);
  assertRoleMembers(members);
  const databaseName = await readDatabaseName(database.kysely);
  const statements = await toStatements({ ...options, roles, databaseName });
  return database.kysely.transaction().execute(async (transaction) => {
    for (const statement of statements) await statement.execute(transaction);
    return revokeMemberships(transaction, roles, members);
  });
}

interface Preparation extends Omit<CreateRolesOptions<never>, 'database' | 'members'> {
  readonly roles: RoleNames;
  readonly databaseName: string;
}

async function toStatements(preparation: Preparation): Promise<readonly RawBuilder<unknown>[]> {
  const { roles, databaseName, migratorPassword, runtimePassword, readerPassword, backupPassword } = preparation;
  return [
    ...toRoleStatements(roles.migrator),
    ...(await toSignInStatements(roles.migrator, migratorPassword)),
    ...toRoleStatements(roles.runtime),
    ...(await toSignInStatements(roles.runtime, runtimePassword)),
    ...toDatabaseStatements(roles, databaseName),
    ...toSchemaStatements(roles),
    ...(await toReaderStatements({ name: roles.reader, databaseName, password: readerPassword })),
    ...(await toBackupStatements({ name: roles.backup, databaseName, password: backupPassword }, roles.migrator)),
  ];
}

function toDatabaseStatements(roles: RoleNames, databaseName: string): RawBuilder<unknown>[] {
  const [database, migrator, runtime] = [sql.id(databaseName), sql.id(roles.migrator), sql.id(roles.runtime)];
  return [
    sql`revoke all on database ${database} from public, ${runtime}`,
    sql`grant connect on database ${database} to ${runtime}`,
    // CREATE: trusted extensions; TEMPORARY: migrations that move data.
    sql`grant connect, create, temporary on database ${database} to ${migrator}`,
    // Everybody may make large objects, which no right to a table governs: a role that only reads could fill the disk.
    sql`revoke execute on function lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea) from public`,
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

async function readDatabaseName<Schema>(kysely: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(kysely);
  const [row] = rows;
  if (row === undefined) throw new TypeError('the database did not tell its name');
  return row.name;
}
