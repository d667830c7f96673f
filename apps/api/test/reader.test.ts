import { join } from 'node:path';

import { verifyAuditChain } from '@redoubt/service/testing';
import { type Database, DEFAULT_ROLES } from '@redoubt/storage';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { DatabaseSchema } from '../src/database-schema.ts';
import { openEmbeddedDatabase } from './support/embedded-database.ts';

/**
 * What people and reports do not see, as somebody has reviewed it: hashes of passwords and tokens, what tokens are bound to,
 * answers of requests, and whatever no migration has granted yet. `pnpm new module` writes it anew.
 */
const reviewedColumns = join(import.meta.dirname, 'reader.snapshot.md');

/** SQLSTATE of what a role may not do (PostgreSQL manual, appendix A). */
const INSUFFICIENT_PRIVILEGE = '42501';

let database: Database<DatabaseSchema>;

beforeAll(async () => {
  database = await openEmbeddedDatabase();
});
afterAll(() => database.close());

describe('the reader of the service', () => {
  it('SR-49: sees every column but these; a new one is hidden until a migration grants it', async () => {
    const { rows } = await sql<{ table: string; columns: string[] }>`
      select c.relname as table, array_agg(a.attname order by a.attnum)::text[] as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
        and not has_column_privilege(${DEFAULT_ROLES.reader}, c.oid, a.attnum, 'SELECT')
      group by 1 order by 1`.execute(database.kysely);
    const lines = rows.map(({ table, columns }) => `${table} | ${columns.join(', ')}`);
    const head = ['table | hidden from the reader', '--- | ---'];
    await expect(`${[...head, ...lines].join('\n')}\n`).toMatchFileSnapshot(reviewedColumns);
  });

  it('SR-49: writes to no table', async () => {
    const { rows } = await sql<{ table: string }>`
      select relname as table from pg_class c, unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) as right_of
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and has_table_privilege(${DEFAULT_ROLES.reader}, c.oid, right_of)`.execute(database.kysely);
    expect(rows).toEqual([]);
  });

  for (const statement of ['select password_hash from users', 'select * from users', 'select * from one_time_tokens']) {
    it(`SR-49: may not: ${statement}`, async () => {
      const asked = database.kysely.transaction().execute(async (transaction) => {
        await sql.raw(`reset role; set local role ${DEFAULT_ROLES.reader}`).execute(transaction);
        await sql.raw(statement).execute(transaction);
      });
      await expect(asked).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
    });
  }

  it('SR-48: is who can verify the audit trail', async () => {
    await database.kysely.transaction().execute(async (transaction) => {
      await sql.raw(`reset role; set local role ${DEFAULT_ROLES.reader}`).execute(transaction);
      expect(await verifyAuditChain(transaction)).toMatchObject({ kind: 'whole' });
    });
  });
});
