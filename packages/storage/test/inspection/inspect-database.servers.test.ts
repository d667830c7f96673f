import { asSuperuser, createTestDatabase, type TestDatabase } from '@redoubt/testing/contracts/test-database';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { inspectDatabase, openPostgres } from '../../src/index.ts';
import { describeInspection } from './database-inspection.ts';

function nameOf({ runtimeOptions }: TestDatabase<unknown>): string {
  return new URL(runtimeOptions.url).pathname.slice(1);
}

describeInspection('PostgreSQL server', async () => {
  const database = await createTestDatabase<unknown>();
  const runtime = openPostgres<unknown>({ ...database.runtimeOptions, poolMax: 1 });
  return {
    roles: database.roles,
    runtime,
    migrator: database.migrator,
    asSuperuser: (statements) =>
      asSuperuser(nameOf(database), async ({ kysely }) => {
        await sql.raw(statements).execute(kysely);
      }),
    async drop() {
      await runtime.close();
      await database.drop();
    },
  };
});

describe('the connection to a PostgreSQL server', () => {
  let database: TestDatabase<unknown>;

  beforeAll(async () => {
    database = await createTestDatabase<unknown>();
  });

  afterAll(() => database.drop());

  it('SR-28: is told to be plain, and on this machine', async () => {
    expect(await inspectDatabase(database.runtime)).toMatchObject({ isOverNetwork: false, encryption: 'none' });
  });

  it('SR-49: shows the superuser behind a role that was put on', async () => {
    const attributes = await asSuperuser(nameOf(database), async (superuser) => {
      await sql`set role ${sql.id(database.roles.runtime)}`.execute(superuser.kysely);
      return (await inspectDatabase(superuser)).attributes;
    });
    expect(attributes).toContain('SUPERUSER');
  });
});
