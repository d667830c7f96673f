import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fixedSecret, type Secret } from '@redoubt/secrets';
import { findOptionalServer } from '@redoubt/testing/contracts/optional-server';
import { readServers } from '@redoubt/testing/contracts/servers';
import { createTestDatabase, type TestDatabase } from '@redoubt/testing/contracts/test-database';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoles, openPostgres, type PostgresDatabase } from '../../src/index.ts';
import { describeMemberships } from './memberships.ts';
import { type AttackedDatabase, createPasswords, describeReadingRoles } from './reading-roles.ts';

const run = promisify(execFile);

/** The programs of the very server: pg_dump refuses a newer one. */
const postgresBin = findOptionalServer('TEST_POSTGRES_BIN', 'Run it by tools/with-servers.sh.');

/** SQLSTATE of a write in a transaction that only reads (PostgreSQL manual, appendix A). */
const READ_ONLY = '25006';

function urlOf({ runtimeOptions }: TestDatabase<unknown>, user: string): string {
  const url = new URL(runtimeOptions.url);
  url.username = user;
  return url.href;
}

function open(test: TestDatabase<unknown>, user: string, password: Secret | undefined): PostgresDatabase<unknown> {
  return openPostgres<unknown>({
    url: urlOf(test, user),
    ...(password === undefined ? {} : { password: fixedSecret(password) }),
    applicationName: 'test',
    poolMax: 1,
  });
}

function openAsSuperuser(test: TestDatabase<unknown>): PostgresDatabase<unknown> {
  const { url, password } = readServers().postgres;
  return open(test, new URL(url).username, password);
}

async function openAttacked(): Promise<AttackedDatabase> {
  const test = await createTestDatabase<unknown>();
  const superuser = openAsSuperuser(test);
  return {
    roles: test.roles,
    superuser,
    async drop() {
      await superuser.close();
      await test.drop();
    },
  };
}

describeReadingRoles('PostgreSQL server', openAttacked);
describeMemberships('PostgreSQL server', openAttacked);

describe('the roles that only read, signed in to a PostgreSQL server', () => {
  const passwords = createPasswords();
  let test: TestDatabase<unknown>;
  let superuser: PostgresDatabase<unknown>;

  beforeAll(async () => {
    test = await createTestDatabase<unknown>();
    superuser = openAsSuperuser(test);
    const { roles } = test;
    const { readerPassword, backupPassword } = passwords;
    await createRoles({ database: superuser, roles, readerPassword, backupPassword });
    await sql
      .raw(
        `create table notes (id integer primary key generated always as identity, text text);
        insert into notes (text) values ('kept in the copy');
        alter table notes owner to ${roles.migrator};
        grant all on notes to ${roles.reader}, ${roles.backup}`,
      )
      .execute(superuser.kysely);
  });

  afterAll(async () => {
    await superuser.close();
    await test.drop();
  });

  for (const role of ['reader', 'backup'] as const) {
    it(`SR-49: the ${role} does not write by mistake, even where somebody granted too much`, async () => {
      const database = open(test, test.roles[role], passwords[`${role}Password`]);
      const write = sql`insert into notes (text) values ('a mistake')`.execute(database.kysely);
      await expect(write).rejects.toMatchObject({ code: READ_ONLY });
      await database.close();
    });
  }

  it.skipIf(postgresBin === undefined)(
    'SR-49: pg_dump copies rows and sequences as the backup role, and cannot as the reader',
    async () => {
      const { roles } = test;
      await sql
        .raw(
          `revoke all on notes from ${roles.reader}; revoke insert, update, delete, truncate on notes from ${roles.backup}`,
        )
        .execute(superuser.kysely);
      // Asked for once more, after the table was made: what a service does that wants backups later.
      await createRoles({ database: superuser, roles, backupPassword: passwords.backupPassword });
      const copy = await dump(urlOf(test, roles.backup), passwords.backupPassword);
      expect(copy).toContain('kept in the copy');
      expect(copy).toMatch(/setval\('public.notes_id_seq', 1, true\)/);
      await expect(dump(urlOf(test, roles.reader), passwords.readerPassword)).rejects.toThrow('permission denied');
    },
  );
});

async function dump(url: string, password: Secret): Promise<string> {
  const program = join(postgresBin ?? '', 'pg_dump');
  const { stdout } = await run(program, [`--dbname=${url}`], { env: { PGPASSWORD: password.expose() } });
  return stdout;
}
