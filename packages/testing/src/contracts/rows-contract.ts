import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { Buffer } from 'node:buffer';
import { isUnavailable, isUniqueViolation, migrate } from '@redoubt/storage';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTRACT_MIGRATIONS, withMigrations } from './contract-schema.ts';
import type { DatabaseContract, DatabaseUnderContract } from './database-contract.ts';

const EMPTY_SAMPLE = { whole: null, exact: null, day: null, local_time: null, instant: null, span: null } as const;
const EMPTY_VALUES = { bytes: null, document: null, yes: null, text: null, wholes: null } as const;

/** Rows, types, transactions and errors. */
export function describeRows(open: DatabaseContract['open']): void {
  describe('rows', () => {
    let database: DatabaseUnderContract;

    beforeAll(async () => {
      database = await open();
      const { migrator, roles } = database;
      await withMigrations(CONTRACT_MIGRATIONS, (directory) => migrate({ database: migrator, directory, roles }));
    });

    afterAll(() => database.drop());

    const titled = (title: string) =>
      database.runtime.kysely.selectFrom('notes').selectAll().where('title', '=', title).execute();

    it('are written, read, changed and deleted by the runtime role', async () => {
      const { kysely } = database.runtime;
      const title = randomUUID();
      await kysely.insertInto('notes').values({ title }).execute();
      const changed = await kysely.updateTable('notes').set({ slug: title }).where('title', '=', title).execute();
      expect(changed[0]?.numUpdatedRows).toBe(1n);
      expect(await titled(title)).toMatchObject([{ title, slug: title }]);
      const deleted = await kysely.deleteFrom('notes').where('title', '=', title).execute();
      expect(deleted[0]?.numDeletedRows).toBe(1n);
      expect(await titled(title)).toStrictEqual([]);
    });

    it('come back with the same types and without loss', async () => {
      const sample = {
        id: 1,
        whole: '9007199254740993',
        exact: '0.1000000000000000000001',
        day: '2026-02-28',
        local_time: '2026-03-29 02:30:00',
        instant: new Date('2026-03-29T01:30:00.123Z'),
        span: 'P1M2DT3H',
        bytes: Buffer.from([0, 255, 92, 39, 10]),
        yes: false,
        text: 'ключ 鍵 🔑 \'"\\ \u202e',
      };
      const { kysely } = database.runtime;
      const document = { list: [1, 'two', null], unicode: '🔑' };
      await kysely
        .insertInto('samples')
        .values({ ...sample, document: JSON.stringify(document), wholes: '{9007199254740993,-1}' })
        .execute();
      const row = await kysely.selectFrom('samples').selectAll().where('id', '=', 1).executeTakeFirst();
      expect(row).toStrictEqual({ ...sample, document, wholes: ['9007199254740993', '-1'] });
    });

    it('come back as nulls where they are null', async () => {
      const { kysely } = database.runtime;
      await kysely
        .insertInto('samples')
        .values({ id: 2, ...EMPTY_SAMPLE, ...EMPTY_VALUES })
        .execute();
      const row = await kysely.selectFrom('samples').selectAll().where('id', '=', 2).executeTakeFirst();
      expect(row).toStrictEqual({ id: 2, ...EMPTY_SAMPLE, ...EMPTY_VALUES });
    });

    it('tell time in UTC', async () => {
      const { rows } = await sql<{ zone: string; text: string }>`
        select current_setting('TimeZone') as zone, '2026-01-01T00:00:00Z'::timestamptz::text as text`.execute(
        database.runtime.kysely,
      );
      expect(rows).toStrictEqual([{ zone: 'UTC', text: '2026-01-01 00:00:00+00' }]);
    });

    it('of several raw statements are those of the last', async () => {
      const title = randomUUID();
      await sql.raw(`insert into notes (title) values ('${title}'); select 1`).execute(database.runtime.kysely);
      expect(await titled(title)).toHaveLength(1);
    });

    it('of a committed transaction stay', async () => {
      const title = randomUUID();
      await database.runtime.kysely
        .transaction()
        .execute((transaction) => transaction.insertInto('notes').values({ title }).execute());
      expect(await titled(title)).toHaveLength(1);
    });

    it('of a transaction that throws are gone, and nobody saw them', async () => {
      const title = randomUUID();
      let seen: ReturnType<typeof titled> | undefined;
      const failing = database.runtime.kysely.transaction().execute(async (transaction) => {
        await transaction.insertInto('notes').values({ title }).execute();
        // Not awaited here: an embedded database answers it after the transaction.
        seen = titled(title);
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      expect(await seen).toStrictEqual([]);
      expect(await titled(title)).toStrictEqual([]);
    });

    it('that are a second of their kind are told by the constraint that refused them', async () => {
      const { kysely } = database.runtime;
      const title = randomUUID();
      await kysely.insertInto('notes').values({ title, slug: title }).execute();
      const error = await refusal(kysely.insertInto('notes').values({ title }).execute());
      expect(isUniqueViolation(error)).toBe(true);
      expect(isUniqueViolation(error, 'notes_title_unique')).toBe(true);
      expect(isUniqueViolation(error, 'notes_slug_unique')).toBe(false);
      expect(isUniqueViolation(new Error('wrapped', { cause: error }), 'notes_title_unique')).toBe(true);
      expect(isUnavailable(error)).toBe(false);
    });

    it('that break another rule are no unique violation, and no unavailability', async () => {
      const { kysely } = database.runtime;
      for (const query of [sql`insert into notes (title) values (null)`, sql`select 1 / 0`, sql`selekt`]) {
        const error = await refusal(query.execute(kysely));
        expect(isUniqueViolation(error)).toBe(false);
        expect(isUnavailable(error)).toBe(false);
      }
    });

    it('SR-43: leave no parameter in the error of a query that failed', async () => {
      const canary = randomUUID();
      const query = sql`select ${canary}::text, 1 / (length(${canary}::text) - 36)`;
      const error = await refusal(query.execute(database.runtime.kysely));
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(canary);
    });
  });

  describe('life', () => {
    it('answers a ping, closes twice, and is unavailable from then on', async () => {
      const { runtime, drop } = await open();
      await runtime.ping();
      await runtime.close();
      await runtime.close();
      await expect(runtime.ping()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
      expect(isUnavailable(await refusal(sql`select 1`.execute(runtime.kysely)))).toBe(true);
      await drop();
    });
  });
}

async function refusal(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('The query was not refused');
    },
    (error: unknown) => error,
  );
}
