import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createRoles, type Database, DEFAULT_ROLES, openEmbedded } from '../../src/index.ts';
import { PGliteAdapter } from '../../src/embedded/pglite-adapter.ts';
import { describeMemberships } from './memberships.ts';
import { type AttackedDatabase, createPasswords, describeReadingRoles } from './reading-roles.ts';

function openAsSuperuser(): Database<unknown> {
  const kysely = new Kysely<unknown>({
    dialect: new PGliteDialect({ pglite: new PGliteAdapter(new PGlite(), () => Promise.resolve()) }),
  });
  return { kysely, ping: () => Promise.resolve(), close: () => kysely.destroy() };
}

async function rolesThatSignIn({ kysely }: Database<unknown>): Promise<readonly unknown[]> {
  const { rows } = await sql<{ name: string }>`
    select rolname as name from pg_roles where rolname like 'app_%' and rolcanlogin order by 1`.execute(kysely);
  return rows.map(({ name }) => name);
}

function openAttacked(): Promise<AttackedDatabase> {
  const superuser = openAsSuperuser();
  return Promise.resolve({ roles: DEFAULT_ROLES, superuser, drop: () => superuser.close() });
}

describeReadingRoles('embedded', openAttacked);
describeMemberships('embedded', openAttacked);

describe('who was not asked for', () => {
  it('SR-49: does not sign in, and the backup role is not even there', async () => {
    const database = openAsSuperuser();
    await createRoles({ database });
    expect(await rolesThatSignIn(database)).toStrictEqual([DEFAULT_ROLES.migrator, DEFAULT_ROLES.runtime]);
    const { rows } = await sql`select rolname from pg_roles where rolname = ${DEFAULT_ROLES.backup}`.execute(
      database.kysely,
    );
    expect(rows).toStrictEqual([]);
    await database.close();
  });

  it('SR-49: signs in once it was asked for, and still after a run that does not name it', async () => {
    const database = openAsSuperuser();
    await createRoles({ database, ...createPasswords() });
    await createRoles({ database });
    expect(await rolesThatSignIn(database)).toStrictEqual(['app_backup', 'app_migrator', 'app_reader', 'app_runtime']);
    await database.close();
  });

  it('is in the embedded database all the same, for migrations to name', async () => {
    const database = await openEmbedded<unknown>();
    const { rows } = await sql`select rolname from pg_roles where rolname = ${DEFAULT_ROLES.reader}`.execute(
      database.kysely,
    );
    expect(rows).toHaveLength(1);
    await database.close();
  });
});
