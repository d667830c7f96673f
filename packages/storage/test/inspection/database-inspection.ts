import { judgeClock, judgeDatabase, unknownFacts } from '@redoubt/config';
import { withMigrations } from '@redoubt/testing/contracts/contract-schema';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  countPendingMigrations,
  type Database,
  inspectDatabase,
  type InspectDatabaseOptions,
  migrate,
  type RoleNames,
} from '../../src/index.ts';

/** A database with the roles of `createRoles`, and a way to spoil it. */
export interface InspectedDatabase {
  readonly roles: RoleNames;
  /** With one connection, so that what it sets is still set at the next query. */
  readonly runtime: Database<unknown>;
  readonly migrator: Database<unknown>;
  /** Runs statements as a superuser of this database. */
  asSuperuser(statements: string): Promise<void>;
  drop(): Promise<void>;
}

const MIGRATIONS = {
  '0001-notes.sql': 'create table notes (id integer primary key, title text);',
  '0002-audit.sql': `
    create table security_events (id integer primary key, details text);
    revoke update, delete on security_events from RUNTIME;`,
};

const auditTable = 'public.security_events';

/** What spoils, what mends, and all that is found in between: "id subject". */
type Spoiled = readonly [spoil: string, mend: string, ...found: string[]];

/** R stands for the runtime role, M for the migrator, D for the database. */
const spoiled: Readonly<Record<string, Spoiled>> = {
  'SR-49: finds a superuser, and leaves it at that': [
    'alter role R superuser',
    'alter role R nosuperuser',
    'RD-060 SUPERUSER',
  ],
  'SR-49: finds a role that makes databases': ['alter role R createdb', 'alter role R nocreatedb', 'RD-060 CREATEDB'],
  'SR-49: finds a role that makes roles': ['alter role R createrole', 'alter role R nocreaterole', 'RD-060 CREATEROLE'],
  'SR-49: finds a role that replicates': [
    'alter role R replication',
    'alter role R noreplication',
    'RD-060 REPLICATION',
  ],
  'SR-49: finds a role past row-level security': [
    'alter role R bypassrls',
    'alter role R nobypassrls',
    'RD-060 BYPASSRLS',
  ],
  'SR-49: finds a role that reads everything': [
    'grant pg_read_all_data to R',
    'revoke pg_read_all_data from R',
    'RD-061 pg_read_all_data',
  ],
  'SR-49: finds a role that starts programs by way of another': [
    'create role R_tools; grant pg_execute_server_program to R_tools; grant R_tools to R',
    'drop role R_tools',
    'RD-061 pg_execute_server_program',
  ],
  'SR-49: finds a role that may become a privileged one': [
    'create role R_maker createrole; grant R_maker to R',
    'drop role R_maker',
    'RD-061 another role',
  ],
  'SR-49: finds an owner of tables': [
    'alter table notes owner to R',
    'alter table notes owner to M; grant select, insert, update, delete on notes to R',
    'RD-062 tables',
    'RD-064 tables',
  ],
  'SR-49: finds an owner of the schema': [
    'alter schema public owner to R',
    'alter schema public owner to M; grant usage on schema public to R',
    'RD-062 schemas',
    'RD-063 schemas',
  ],
  'SR-49: finds the owner of the database': [
    'alter database D owner to R',
    'alter database D owner to current_user; revoke all on database D from R; grant connect on database D to R',
    'RD-062 database',
    'RD-063 database',
  ],
  'SR-49: finds a role that creates in the schema': [
    'grant create on schema public to R',
    'revoke create on schema public from R',
    'RD-063 schemas',
  ],
  'SR-49: finds that everybody creates in the schema': [
    'grant create on schema public to public',
    'revoke create on schema public from public',
    'RD-063 schemas',
  ],
  'SR-49: finds a role that creates schemas': [
    'grant create on database D to R',
    'revoke create on database D from R',
    'RD-063 database',
  ],
  'SR-49: finds a role that truncates': [
    'grant truncate on notes to R',
    'revoke truncate on notes from R',
    'RD-064 tables',
  ],
  'SR-48: finds an audit trail that can be changed': [
    'grant update on security_events to R',
    'revoke update on security_events from R',
    'RD-065 UPDATE',
  ],
  'SR-48: finds an audit trail of which one column can be changed': [
    'grant update (details) on security_events to R',
    'revoke update (details) on security_events from R',
    'RD-065 UPDATE',
  ],
  'SR-48: finds an audit trail that can be removed': [
    'grant delete on security_events to R',
    'revoke delete on security_events from R',
    'RD-065 DELETE',
  ],
  'SR-48: finds an audit trail that can be emptied': [
    'grant truncate on security_events to public',
    'revoke truncate on security_events from public',
    'RD-064 tables',
    'RD-065 TRUNCATE',
  ],
};

/** Holds `inspectDatabase` and its judges to a database that is as it should be, and to one fault after another. */
export function describeInspection(name: string, open: () => Promise<InspectedDatabase>): void {
  describe(`inspectDatabase on ${name}`, () => {
    let database: InspectedDatabase;
    let databaseName: string;

    beforeAll(async () => {
      database = await open();
      const { migrator, roles, runtime } = database;
      await withMigrations(migrationsFor(roles), (directory) => migrate({ database: migrator, directory, roles }));
      const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(runtime.kysely);
      databaseName = rows[0]?.name ?? '';
    });

    afterAll(() => database.drop());

    const toStatements = (text: string): string =>
      text
        .replaceAll(/\bR(?=\b|_)/g, database.roles.runtime)
        .replaceAll(/\bM\b/g, database.roles.migrator)
        .replaceAll(/\bD\b/g, databaseName);

    async function inspect(options: InspectDatabaseOptions = {}): Promise<string[]> {
      const facts = await inspectDatabase(database.runtime, { auditTable, ...options });
      const findings = [...judgeDatabase(facts), ...judgeClock({ databaseSkewMs: facts.clockSkewMs })];
      return findings.map(({ id, subject }) => `${id} ${subject}`);
    }

    it('SR-49: finds nothing in the roles that createRoles made', async () => {
      expect(await inspect({ pendingMigrations: 0 })).toStrictEqual([]);
    });

    it.each(Object.entries(spoiled))('%s', async (_name, [spoil, mend, ...found]) => {
      await database.asSuperuser(toStatements(spoil));
      try {
        expect(await inspect()).toStrictEqual(found);
      } finally {
        await database.asSuperuser(toStatements(mend));
      }
      expect(await inspect()).toStrictEqual([]);
    });

    it('SR-49: finds passwords that are stored as MD5', async () => {
      await sql`set password_encryption = 'md5'`.execute(database.runtime.kysely);
      expect(await inspect()).toStrictEqual(['RD-067 password_encryption']);
      await sql`reset password_encryption`.execute(database.runtime.kysely);
    });

    it('SR-49: finds migrations that were not applied', async () => {
      const files = { ...migrationsFor(database.roles), '0003-more.sql': 'create table more (id integer)' };
      const pendingMigrations = await withMigrations(files, (directory) =>
        countPendingMigrations({ database: database.runtime, directory }),
      );
      expect(pendingMigrations).toBe(1);
      expect(await inspect({ pendingMigrations })).toStrictEqual(['RD-069 migrations']);
    });

    it('takes migrations of a newer version, which replaces this one', async () => {
      const files = { '0001-notes.sql': MIGRATIONS['0001-notes.sql'] };
      const pending = withMigrations(files, (directory) =>
        countPendingMigrations({ database: database.runtime, directory }),
      );
      expect(await pending).toBe(0);
    });

    it.each([
      [-60_000, ['RD-110 clock']],
      [60_000, ['RD-110 clock']],
      [-15_000, ['RD-099 clock']],
      [15_000, ['RD-099 clock']],
    ])('SR-6: finds a clock that is %d ms off', async (offsetMs, found) => {
      expect(await inspect({ now: () => Date.now() + offsetMs })).toStrictEqual(found);
    });

    it('does not know what a hardened catalogue does not tell, and finds nothing in it', async () => {
      await database.asSuperuser('revoke select on pg_roles, pg_stat_ssl from public');
      try {
        const facts = await inspectDatabase(database.runtime);
        expect(judgeDatabase(facts)).toStrictEqual([]);
        expect(unknownFacts(facts)).toEqual(
          expect.arrayContaining(['attributes', 'predefinedRoles', 'isOverNetwork', 'auditRights']),
        );
        expect(facts.tablesToTruncate).toBe(0);
      } finally {
        await database.asSuperuser('grant select on pg_roles, pg_stat_ssl to public');
      }
    });

    it('does not know of an audit table that is not there', async () => {
      expect((await inspectDatabase(database.runtime, { auditTable: 'public.none' })).auditRights).toBeUndefined();
    });
  });
}

function migrationsFor({ runtime }: RoleNames): Readonly<Record<string, string>> {
  return { ...MIGRATIONS, '0002-audit.sql': MIGRATIONS['0002-audit.sql'].replace('RUNTIME', runtime) };
}
