import { createRoles, migrate } from '@redoubt/storage';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTRACT_MIGRATIONS, withMigrations } from './contract-schema.ts';
import type { DatabaseContract, DatabaseUnderContract } from './database-contract.ts';

/** SQLSTATE of what a role may not do (PostgreSQL manual, appendix A). */
const INSUFFICIENT_PRIVILEGE = '42501';

/** What a running service has no business doing. */
const FORBIDDEN = [
  'create table mine (id integer)',
  'create temporary table mine (id integer)',
  'create schema mine',
  'create function mine() returns integer language sql as $$ select 1 $$',
  'create view mine as select 1',
  'create role mine',
  'alter table notes add column mine integer',
  'alter table notes disable row level security',
  'alter table notes owner to current_user',
  'create index mine on notes (title)',
  'create trigger mine before insert on notes execute function count_notes()',
  'drop table notes',
  'drop schema public cascade',
  'truncate notes',
  'alter default privileges in schema public grant all on tables to public; create table mine (id integer)',
  'select count_notes()',
  'insert into schema_migrations (number, name, sha256) values (99, $$mine$$, repeat($$0$$, 64))',
  'update schema_migrations set sha256 = repeat($$0$$, 64)',
  'delete from schema_migrations',
  "copy notes to program 'true'",
  "select pg_read_file('/etc/passwd')",
  'select lo_create(0)',
  "select lo_from_bytea(0, 'mine')",
];

/** SR-49: what the runtime role may not do. */
export function describeRoles(open: DatabaseContract['open']): void {
  describe('roles', () => {
    let database: DatabaseUnderContract;

    beforeAll(async () => {
      database = await open();
      const { migrator, roles } = database;
      await withMigrations(CONTRACT_MIGRATIONS, (directory) => migrate({ database: migrator, directory, roles }));
    });

    afterAll(() => database.drop());

    for (const statement of FORBIDDEN) {
      it(`SR-49: the runtime role may not: ${statement}`, async () => {
        await expect(sql.raw(statement).execute(database.runtime.kysely)).rejects.toMatchObject({
          code: INSUFFICIENT_PRIVILEGE,
        });
      });
    }

    it('SR-49: no role of the service has an attribute, and those that serve and read own nothing', async () => {
      const { roles, runtime } = database;
      const { rows } = await sql`
        select rolname from pg_roles
        where rolname in (${roles.runtime}, ${roles.migrator}, ${roles.reader})
          and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)
        union all
        select relname from pg_class where pg_get_userbyid(relowner) in (${roles.runtime}, ${roles.reader})`.execute(
        runtime.kysely,
      );
      expect(rows).toStrictEqual([]);
    });

    it('SR-49: nobody else may use the database, its schema or its tables', async () => {
      const { rows } = await sql`
        select acl.privilege_type
        from pg_database, aclexplode(datacl) as acl where datname = current_database() and acl.grantee = 0
        union all
        select acl.privilege_type
        from pg_namespace, aclexplode(nspacl) as acl where nspname = 'public' and acl.grantee = 0
        union all
        select acl.privilege_type
        from pg_class, aclexplode(relacl) as acl where relnamespace = 'public'::regnamespace and acl.grantee = 0`.execute(
        database.runtime.kysely,
      );
      expect(rows).toStrictEqual([]);
    });

    it('the runtime role may read which migrations were applied', async () => {
      const { rows } = await sql<{ name: string }>`select name from schema_migrations order by number`.execute(
        database.runtime.kysely,
      );
      expect(rows.map(({ name }) => `${name}.sql`)).toStrictEqual(Object.keys(CONTRACT_MIGRATIONS));
    });

    it('SR-49: two roles cannot share a name', async () => {
      const roles = { ...database.roles, reader: database.roles.runtime };
      await expect(createRoles({ database: database.runtime, roles })).rejects.toThrow(TypeError);
    });

    for (const name of ['', 'Upper', 'a"b', 'a b', '1a', "a'; drop table notes; --", 'a'.repeat(64)]) {
      it(`a role cannot be named ${JSON.stringify(name)}`, async () => {
        const roles = { ...database.roles, runtime: name };
        await expect(createRoles({ database: database.runtime, roles })).rejects.toThrow(TypeError);
      });
    }
  });
}
