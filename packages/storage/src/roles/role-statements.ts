import type { Secret } from '@redoubt/secrets';
import { type RawBuilder, sql } from 'kysely';
import { createScramVerifier } from './scram-verifier.ts';

/**
 * Creates a role that cannot sign in yet, when it is not there, and takes away every attribute that lets a role do more.
 * Memberships go afterwards, of all roles at once.
 */
export function toRoleStatements(name: string): RawBuilder<unknown>[] {
  return [
    // There is no CREATE ROLE IF NOT EXISTS. The name was checked: it needs no quoting.
    sql.raw(`do $$ begin create role ${name}; exception when duplicate_object or unique_violation then null; end $$`),
    sql`alter role ${sql.id(name)} nosuperuser nocreatedb nocreaterole noreplication nobypassrls`,
  ];
}

/** Lets a role sign in; without a password it keeps the one that it has, if any. */
export async function toSignInStatements(name: string, password: Secret | undefined): Promise<RawBuilder<unknown>[]> {
  const role = sql.id(name);
  if (password === undefined) return [sql`alter role ${role} login`];
  return [sql`alter role ${role} login password ${sql.lit(await createScramVerifier(password))}`];
}
