import {
  borrowEngine,
  type Database,
  DEFAULT_ROLES,
  type EmbeddedEngine,
  lendEngine,
  openEmbedded,
  openEmbeddedEngine,
} from '@redoubt/storage';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isUnavailable } from '../../src/index.ts';
import { linkedChannels } from './linked-channels.ts';

let engine: EmbeddedEngine;

beforeAll(async () => {
  engine = await openEmbeddedEngine();
});
afterAll(() => engine.close());

async function borrow(): Promise<{ database: Database<unknown>; leave(): Promise<void> }> {
  const { near, far, cut } = linkedChannels();
  const lent = lendEngine(engine, far);
  const database = await openEmbedded<unknown>({ engine: borrowEngine(near) });
  return {
    database,
    async leave() {
      cut();
      await lent;
    },
  };
}

/** Whoever the engine works as, asked past every borrower. */
async function currentUser(): Promise<unknown> {
  const { rows } = await engine.query<{ name: string }>('select current_user as name');
  return rows[0]?.name;
}

describe('an engine that is lent', () => {
  it('rolls back what a borrower that is gone had begun, and works as nobody it worked as', async () => {
    const superuser = await currentUser();
    const first = await borrow();
    expect(await currentUser()).not.toBe(superuser);
    const begun = Promise.withResolvers<void>();
    const halfDone = first.database.kysely.transaction().execute(async (transaction) => {
      await sql`set local role ${sql.id(DEFAULT_ROLES.migrator)}`.execute(transaction);
      await sql`create table half_done (id integer)`.execute(transaction);
      begun.resolve();
      await new Promise(() => undefined);
    });
    await Promise.race([begun.promise, halfDone]);
    await first.leave();

    expect(await currentUser()).toBe(superuser);
    const second = await borrow();
    const found = await sql<{ table: string | null }>`select to_regclass('half_done')::text as "table"`.execute(
      second.database.kysely,
    );
    expect(found.rows).toStrictEqual([{ table: null }]);
    await second.leave();
  });

  it('is gone for a borrower that was cut off: every call says so, and none hangs', async () => {
    const { database, leave } = await borrow();
    await leave();
    const error: unknown = await sql`select 1`.execute(database.kysely).catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(Error);
    expect(isUnavailable(error)).toBe(true);
  });
});
