import type { Secret } from '@redoubt/secrets';
import { type RawBuilder, sql } from 'kysely';
import { toRoleStatements, toSignInStatements } from './role-statements.ts';

/** Connections of each role that only reads: PostgreSQL allows 100 in all by default, and the service needs them. */
const MAX_CONNECTIONS = 10;

/** What a reading role is made from. */
interface ReadingRole {
  readonly name: string;
  readonly databaseName: string;
  readonly password: Secret | undefined;
}

/**
 * The role of people and reports. It may look into the schema, and reads nothing there until a migration grants it
 * columns by name: a table that is forgotten is a table that it does not see, and what is stored of passwords and tokens
 * is never granted. It is always made, so that migrations can name it; it signs in once it was given a password.
 */
export async function toReaderStatements(reader: ReadingRole): Promise<RawBuilder<unknown>[]> {
  const role = sql.id(reader.name);
  return [
    ...toRoleStatements(reader.name),
    ...toReadOnlyStatements(reader),
    sql`grant usage on schema public to ${role}`,
    ...(reader.password === undefined ? [] : await toSignInStatements(reader.name, reader.password)),
  ];
}

/**
 * The role of the job that copies the database: what `pg_dump` needs, which is to read everything that the migrator made
 * or will make, hashes of passwords too. It is made when it is given a password, and left alone otherwise.
 *
 * Not by `pg_read_all_data`: that reads `pg_authid` as well, with what the server stores of every role's password, the
 * superuser's included.
 */
export async function toBackupStatements(backup: ReadingRole, migratorName: string): Promise<RawBuilder<unknown>[]> {
  if (backup.password === undefined) return [];
  const [role, migrator] = [sql.id(backup.name), sql.id(migratorName)];
  return [
    ...toRoleStatements(backup.name),
    ...toReadOnlyStatements(backup),
    sql`grant usage on schema public to ${role}`,
    // What is there already, for a service that asks for backups later.
    sql`grant select on all tables in schema public to ${role}`,
    sql`grant select on all sequences in schema public to ${role}`,
    sql`alter default privileges for role ${migrator} grant usage on schemas to ${role}`,
    sql`alter default privileges for role ${migrator} grant select on tables to ${role}`,
    sql`alter default privileges for role ${migrator} grant select on sequences to ${role}`,
    ...(await toSignInStatements(backup.name, backup.password)),
  ];
}

function toReadOnlyStatements({ name, databaseName }: ReadingRole): RawBuilder<unknown>[] {
  const [role, database] = [sql.id(name), sql.id(databaseName)];
  return [
    sql`alter role ${role} connection limit ${sql.lit(MAX_CONNECTIONS)}`,
    // For mistakes: a session can switch it off. What a role may not do is kept from it by its rights.
    sql`alter role ${role} set default_transaction_read_only = on`,
    sql`revoke all on database ${database} from ${role}`,
    sql`grant connect on database ${database} to ${role}`,
    sql`revoke all on schema public from ${role}`,
  ];
}
