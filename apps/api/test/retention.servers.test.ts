import { randomUUID } from 'node:crypto';

import { DatabaseIdempotencyStore } from '@redoubt/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import type { DatabaseSchema } from '../src/database-schema.ts';
import { createRealDatabase, type RealDatabase } from './support/real-database.ts';
import { RealServers } from './support/real-servers.ts';

const ROWS = 3000;
const WAIT = { timeout: 20_000 };
const TWO_DAYS_MS = 2 * 24 * 3_600_000;

let real: RealDatabase;
let keys: DatabaseIdempotencyStore<DatabaseSchema>;

beforeAll(async () => {
  real = await createRealDatabase();
  keys = new DatabaseIdempotencyStore(real.database.kysely, Date.now);
});
afterAll(() => real.drop());

function oldKey(key: string) {
  return {
    user_id: randomUUID(),
    route: 'POST /api/users',
    key,
    fingerprint: 'f'.repeat(43),
    created_at: new Date(Date.now() - TWO_DAYS_MS),
  };
}

beforeEach(async () => {
  const { kysely } = real.database;
  const rows = Array.from({ length: ROWS }, (_, index) => oldKey(`a-key-of-a-test-${index}`));
  await kysely.deleteFrom('idempotency_keys').execute();
  await kysely.insertInto('idempotency_keys').values(rows).execute();
});

/** Deletes batch after batch, as one replica's job does; answers how many rows it were. */
async function deleteAll(): Promise<number> {
  let total = 0;
  for (let rows = -1; rows !== 0; total += rows) rows = await keys.deleteExpired(100);
  return total;
}

describe('retention on PostgreSQL, as the role of the service', () => {
  it('SR-80: of replicas that delete at once, each deletes rows that no other does, and none is left', async () => {
    const deleted = await Promise.all([deleteAll(), deleteAll(), deleteAll()]);
    const left = await real.database.kysely.selectFrom('idempotency_keys').select('key').execute();
    expect([deleted.reduce((sum, rows) => sum + rows, 0), left]).toEqual([ROWS, []]);
  });

  it('SR-41, SR-80: leaves a key alone that a request takes over just now, without waiting for it', async () => {
    const held = 'a-key-of-a-test-0';
    await real.database.kysely.transaction().execute(async (request) => {
      await request.updateTable('idempotency_keys').set({ created_at: new Date() }).where('key', '=', held).execute();
      expect(await deleteAll()).toBe(ROWS - 1);
    });
    const left = await real.database.kysely.selectFrom('idempotency_keys').select('key').execute();
    expect(left).toEqual([{ key: held }]);
  });
});

describe('a replica of the production bundle', () => {
  it('SR-80: deletes what has expired, again and again, while it serves', async () => {
    const servers = await RealServers.prepare();
    try {
      const insertOld = () =>
        servers.asSuperuser((kysely) =>
          kysely.insertInto('idempotency_keys').values(oldKey('a-key-of-one-test')).execute(),
        );
      const isEmpty = async () =>
        (await servers.asSuperuser((kysely) => kysely.selectFrom('idempotency_keys').select('key').execute()))
          .length === 0;
      await insertOld();
      const replica = await servers.start({ RETENTION_INTERVAL_SECONDS: '1' });
      await vi.waitUntil(isEmpty, WAIT);
      await insertOld();
      await vi.waitUntil(isEmpty, WAIT);
      expect(await replica.child.stop()).toBe(0);
      expect(replica.child.output()).not.toContain('could not');
    } finally {
      await servers.close();
    }
  });
});
