import { migrate, type MigrateResult } from '@redoubt/storage';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CONTRACT_MIGRATIONS, withMigrations } from './contract-schema.ts';
import type { DatabaseContract, DatabaseUnderContract } from './database-contract.ts';

const ONE = '0001-one.sql';
const TWO = '0002-two.sql';
const FILES = { [ONE]: 'create table one (id integer);', [TWO]: 'create table two (id integer);\n' };

/** Sets of files that are refused before anything is applied, each with the code of the refusal. */
const REFUSED: [string, Record<string, string>, string][] = [
  ['a gap in the numbers', { [ONE]: 'select 1', '0003-three.sql': 'select 1' }, 'MIGRATION_NUMBER'],
  ['a double number', { [ONE]: 'select 1', '0001-other.sql': 'select 1' }, 'MIGRATION_NUMBER'],
  ['a first number that is not 1', { [TWO]: 'select 1' }, 'MIGRATION_NUMBER'],
  ['a short number', { '1-one.sql': 'select 1' }, 'MIGRATION_NAME'],
  ['a name in upper case', { '0001-One.sql': 'select 1' }, 'MIGRATION_NAME'],
  ['a name with a space', { '0001-one two.sql': 'select 1' }, 'MIGRATION_NAME'],
  ['no name', { '0001.sql': 'select 1' }, 'MIGRATION_NAME'],
  ['no statement', { [ONE]: '-- nothing yet\n/* nothing */ ;\n' }, 'MIGRATION_EMPTY'],
];

/** Histories that differ from what was applied. */
const CHANGED: [string, Record<string, string>, string][] = [
  ['edited', { ...FILES, [ONE]: 'create table one (id bigint);' }, 'MIGRATION_EDITED'],
  ['removed', { [ONE]: FILES[ONE] ?? '' }, 'MIGRATION_REMOVED'],
  ['renamed', { [ONE]: FILES[ONE] ?? '', '0002-deux.sql': FILES[TWO] ?? '' }, 'MIGRATION_RENAMED'],
  ['renumbered', { '0001-two.sql': FILES[TWO] ?? '', '0002-one.sql': FILES[ONE] ?? '' }, 'MIGRATION_RENAMED'],
  ['replaced', { [ONE]: FILES[ONE] ?? '', '0002-other.sql': 'select 1' }, 'MIGRATION_REMOVED'],
];

/** Order, repetition, refusals and simultaneous runs. */
export function describeMigrations(open: DatabaseContract['open']): void {
  describe('migrations', () => {
    let database: DatabaseUnderContract;

    beforeAll(async () => {
      database = await open();
    });

    afterAll(() => database.drop());

    beforeEach(() => emptySchema(database));

    const run = (files: Readonly<Record<string, string>>): Promise<MigrateResult> =>
      withMigrations(files, (directory) => migrate({ database: database.migrator, directory, roles: database.roles }));

    const tables = async (): Promise<string[]> => {
      const { rows } = await sql<{ name: string }>`
        select tablename as name from pg_tables where schemaname = 'public' order by 1`.execute(
        database.runtime.kysely,
      );
      return rows.map(({ name }) => name);
    };

    it('are applied in order, once, and recorded', async () => {
      expect(await run(FILES)).toStrictEqual({ applied: ['0001-one', '0002-two'], total: 2 });
      expect(await run(FILES)).toStrictEqual({ applied: [], total: 2 });
      const { rows } = await sql`select number, name, length(sha256) as digits from schema_migrations`.execute(
        database.runtime.kysely,
      );
      expect(rows).toStrictEqual([
        { number: 1, name: '0001-one', digits: 64 },
        { number: 2, name: '0002-two', digits: 64 },
      ]);
    });

    it('are continued where an earlier run ended', async () => {
      await run({ [ONE]: FILES[ONE] ?? '' });
      expect(await run(FILES)).toStrictEqual({ applied: ['0002-two'], total: 2 });
    });

    it('may hold many statements, functions and comments', async () => {
      await run(CONTRACT_MIGRATIONS);
      expect(await tables()).toStrictEqual(['notes', 'samples', 'schema_migrations']);
    });

    it('may be none', async () => {
      expect(await run({ 'README.md': 'not a migration' })).toStrictEqual({ applied: [], total: 0 });
    });

    it('are applied once by four runs at a time', async () => {
      const files = Object.fromEntries(
        Array.from({ length: 6 }, (_, index) => [`000${index + 1}-t.sql`, `create table t${index} (id integer)`]),
      );
      const results = await Promise.all(Array.from({ length: 4 }, () => run(files)));
      const applied = results.flatMap((result) => result.applied);
      expect(applied.toSorted()).toStrictEqual(Object.keys(files).map((name) => name.slice(0, -4)));
    });

    it('are the same with the line ends of another system', async () => {
      await run({ [ONE]: 'create table one (\nid integer\n);\n' });
      expect(await run({ [ONE]: 'create table one (\r\nid integer\r\n);\r\n' })).toMatchObject({ applied: [] });
    });

    it('leave nothing of a file that fails, keep the files before it, and go on when it is mended', async () => {
      const broken = { ...FILES, [TWO]: 'create table two (id integer); create table one (id integer);' };
      await expect(run(broken)).rejects.toMatchObject({ code: 'MIGRATION_FAILED', cause: { code: '42P07' } });
      expect(await tables()).toStrictEqual(['one', 'schema_migrations']);
      expect(await run(FILES)).toMatchObject({ applied: ['0002-two'] });
    });

    for (const ending of ['commit;', 'rollback;', 'commit; begin;']) {
      it(`refuse, and do not record, a file that says ${ending}`, async () => {
        await expect(run({ [ONE]: `select 1; ${ending}` })).rejects.toMatchObject({ code: 'MIGRATION_TRANSACTION' });
        // It was not recorded: the mended file is applied.
        expect(await run({ [ONE]: 'select 1' })).toMatchObject({ applied: ['0001-one'] });
      });
    }

    for (const [fault, files, code] of REFUSED) {
      it(`refuse ${fault}, and apply nothing`, async () => {
        await expect(run(files)).rejects.toMatchObject({ code, name: 'MigrationError' });
        expect(await tables()).toStrictEqual([]);
      });
    }

    for (const [change, files, code] of CHANGED) {
      it(`refuse to go on when an applied file was ${change}`, async () => {
        await run(FILES);
        await expect(run(files)).rejects.toMatchObject({ code });
        expect(await tables()).toStrictEqual(['one', 'schema_migrations', 'two']);
      });
    }

    it('make tables that belong to the migrator, whoever connected', async () => {
      await run(FILES);
      const { rows } =
        await sql`select distinct tableowner as owner from pg_tables where schemaname = 'public'`.execute(
          database.runtime.kysely,
        );
      expect(rows).toStrictEqual([{ owner: database.roles.migrator }]);
    });
  });
}

async function emptySchema({ migrator, roles }: DatabaseUnderContract): Promise<void> {
  await migrator.kysely.transaction().execute(async (transaction) => {
    await sql`set local role ${sql.id(roles.migrator)}`.execute(transaction);
    const { rows } = await sql<{ drop: string }>`
      select format('drop table %I cascade', tablename) as drop from pg_tables where schemaname = 'public'
      union all
      select format('drop function %s cascade', oid::regprocedure) from pg_proc
      where pronamespace = 'public'::regnamespace`.execute(transaction);
    for (const { drop } of rows) await sql.raw(drop).execute(transaction);
  });
}
