import { randomBytes } from 'node:crypto';
import { Secret } from '@redoubt/secrets';
import { withMigrations } from '@redoubt/testing/contracts/contract-schema';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoles, type Database, migrate, type RoleNames } from '../../src/index.ts';

/** A database whose roles are attacked. */
export interface AttackedDatabase {
  readonly roles: RoleNames;
  /** Opened as a superuser, with one connection. */
  readonly superuser: Database<unknown>;
  drop(): Promise<void>;
}

/** A password for each role. */
type Passwords = Readonly<Record<`${keyof RoleNames}Password`, Secret>>;

/** SQLSTATE of what a role may not do (PostgreSQL manual, appendix A). */
const INSUFFICIENT_PRIVILEGE = '42501';

const MIGRATIONS = {
  '0001-people.sql': `
    create table people (id integer primary key generated always as identity, name text, password_hash text);
    insert into people (name, password_hash) values ('Ada', 'a hash');
    create table tokens (digest text primary key);
    create function count_people() returns bigint language sql as $$ select count(*) from people $$;
    grant select (id, name) on people to READER;`,
};

/** Neither role has any business with these: to write, to make things, to read what is the server's own. */
const FORBIDDEN = [
  "insert into people (name) values ('Eve')",
  "update people set name = 'Eve'",
  'delete from people',
  'truncate people',
  'create table mine (id integer)',
  'create temporary table mine (id integer)',
  'create schema mine',
  'create view mine as select 1',
  'create role mine',
  'alter table people add column mine integer',
  'drop table people',
  'drop schema public cascade',
  'select lo_create(0)',
  "select lo_from_bytea(0, 'mine')",
  'select count_people()',
  "select nextval('people_id_seq')",
  "select setval('people_id_seq', 1)",
  "copy people to program 'true'",
  "select pg_read_file('/etc/passwd')",
  'alter role current_user superuser',
  'select rolpassword from pg_authid',
];

/** What the reader was not granted. */
const HIDDEN = [
  'select * from people',
  'select password_hash from people',
  'select count(*) from people where password_hash is not null',
  'select id from people order by password_hash',
  'select people from people',
  'select * from tokens',
  'select count(*) from tokens',
  'copy people to stdout',
  'select last_value from people_id_seq',
  'select * from schema_migrations',
];

/** SR-49: what the two roles that only read may read, and that they do nothing else. */
export function describeReadingRoles(name: string, open: () => Promise<AttackedDatabase>): void {
  describe(`the roles that only read: ${name}`, () => {
    let database: AttackedDatabase;

    beforeAll(async () => {
      database = await open();
      const { roles, superuser } = database;
      await createRoles({ database: superuser, roles, ...createPasswords() });
      const files = { '0001-people.sql': MIGRATIONS['0001-people.sql'].replace('READER', roles.reader) };
      await withMigrations(files, (directory) => migrate({ database: superuser, directory, roles }));
    });

    afterAll(() => database.drop());

    for (const role of ['reader', 'backup'] as const) {
      for (const statement of FORBIDDEN) {
        it(`SR-49: the ${role} may not: ${statement}`, async () => {
          await expect(queryAs(database, role, statement)).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
        });
      }

      it(`SR-49: the ${role} has no attribute, owns nothing, and reads only unless it says otherwise`, async () => {
        const { roles, superuser } = database;
        const { rows } = await sql`
          select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as attributes,
            rolconfig::text as settings, rolconnlimit as connections,
            (select count(*)::int from pg_class where relowner = r.oid) as owned
          from pg_roles r where rolname = ${roles[role]}`.execute(superuser.kysely);
        expect(rows).toStrictEqual([
          { attributes: false, settings: '{default_transaction_read_only=on}', connections: 10, owned: 0 },
        ]);
      });
    }

    for (const statement of HIDDEN) {
      it(`SR-49: the reader may not: ${statement}`, async () => {
        await expect(queryAs(database, 'reader', statement)).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
      });
    }

    it('SR-49: the reader reads the columns that a migration granted', async () => {
      expect(await queryAs(database, 'reader', 'select id, name from people')).toStrictEqual([{ id: 1, name: 'Ada' }]);
    });

    it('SR-49: the reader does not see a table of a later migration until it is granted', async () => {
      await queryAs(database, 'migrator', 'create table later (id integer)');
      await expect(queryAs(database, 'reader', 'select id from later')).rejects.toMatchObject({
        code: INSUFFICIENT_PRIVILEGE,
      });
      expect(await queryAs(database, 'runtime', 'select id from later')).toStrictEqual([]);
      await queryAs(database, 'migrator', 'drop table later');
    });

    it('SR-49: the backup role reads every table and every sequence, of later migrations too', async () => {
      await queryAs(database, 'migrator', 'create schema later create table later.notes (id serial)');
      for (const relation of ['people', 'tokens', 'schema_migrations', 'people_id_seq', 'later.notes']) {
        await expect(queryAs(database, 'backup', `select * from ${relation}`)).resolves.toBeInstanceOf(Array);
      }
      await queryAs(database, 'migrator', 'drop schema later cascade');
    });

    it('SR-49: made again, nobody has gained or lost anything', async () => {
      const { roles, superuser } = database;
      const before = await rightsOf(database);
      await createRoles({ database: superuser, roles, ...createPasswords() });
      await createRoles({ database: superuser, roles });
      expect(await rightsOf(database)).toStrictEqual(before);
    });

    it('SR-49: takes away what a reading role has gained', async () => {
      const { roles, superuser } = database;
      const sound = await rightsOf(database);
      await sql
        .raw(
          `alter role ${roles.reader} createrole createdb;
          alter role ${roles.reader} reset default_transaction_read_only;
          grant create on schema public to ${roles.reader};
          alter role ${roles.backup} createrole connection limit -1`,
        )
        .execute(superuser.kysely);
      expect(await rightsOf(database)).not.toStrictEqual(sound);
      await createRoles({ database: superuser, roles, ...createPasswords() });
      expect(await rightsOf(database)).toStrictEqual(sound);
    });
  });
}

/** Passwords for all roles, new each time. */
export function createPasswords(): Passwords {
  return {
    migratorPassword: createPassword(),
    runtimePassword: createPassword(),
    readerPassword: createPassword(),
    backupPassword: createPassword(),
  };
}

function createPassword(): Secret {
  return Secret.of(randomBytes(24).toString('base64url'));
}

/** Runs one statement as a role, in a transaction that is not read-only: the role's default is for mistakes. */
function queryAs(
  { roles, superuser }: AttackedDatabase,
  role: keyof RoleNames,
  statement: string,
): Promise<readonly unknown[]> {
  return superuser.kysely.transaction().execute(async (transaction) => {
    await sql`set local role ${sql.id(roles[role])}`.execute(transaction);
    return (await sql.raw(statement).execute(transaction)).rows;
  });
}

/** All rights to the database, the schema and what is in it, and what the roles are. */
async function rightsOf({ roles, superuser }: AttackedDatabase): Promise<readonly unknown[]> {
  const names = sql.join(Object.values(roles).map((name: string) => sql.lit(name)));
  const { rows } = await sql`
    with granted (what, acl) as (
      select 'database', datacl from pg_database where datname = current_database()
      union all select 'schema', nspacl from pg_namespace where nspname = 'public'
      union all select relname, relacl from pg_class where relnamespace = 'public'::regnamespace
      union all select attrelid::regclass || '.' || attname, attacl from pg_attribute where attacl is not null
      union all select 'default', defaclacl from pg_default_acl
    )
    select what || ' ' || grantee || ' ' || privilege_type as "right" from granted, aclexplode(acl)
    union all
    select row(rolname, rolsuper, rolcreatedb, rolcreaterole, rolcanlogin, rolconnlimit, rolconfig)::text
    from pg_roles where rolname in (${names})
    union all
    select row(roleid::regrole, member::regrole, admin_option)::text
    from pg_auth_members where member::regrole::text in (${names})
    order by 1`.execute(superuser.kysely);
  return rows;
}
