import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createUuidV7 } from '@redoubt/logging';
import { formatAuditHead, parseAuditHead, verifyAuditChain } from '@redoubt/service/testing';
import { type Database, migrate, openEmbedded } from '@redoubt/storage';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { database as declared, type DatabaseSchema } from '../src/database-schema.ts';
import { openEmbeddedDatabase } from './support/embedded-database.ts';
import { createEvent, describeAuditChain } from './support/audit-chain-contract.ts';

let database: Database<DatabaseSchema>;
beforeAll(async () => {
  database = await openEmbeddedDatabase();
});
afterAll(() => database.close());

describeAuditChain('PGlite', () => ({
  database,
  asSuperuser: async (act) => {
    await act(database.kysely);
  },
}));

describe('the migration that chains the audit table', () => {
  it('SR-48: chains what happened before it, oldest first', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
    const old = await openEmbedded<DatabaseSchema>();
    try {
      const files = (await readdir(declared.migrations)).toSorted();
      const chain = files.findIndex((file) => file.includes('audit-chain'));
      for (const file of files.slice(0, chain)) await cp(join(declared.migrations, file), join(directory, file));
      await migrate({ database: old, directory });
      for (let index = 0; index < 20; index += 1) {
        const { id, occurredAt, details } = createEvent(index);
        await sql`
          insert into security_events (id, name, severity, occurred_at, details)
          values (${id}, 'user_created', 'warning', ${occurredAt}, ${JSON.stringify(details)})`.execute(old.kysely);
      }
      await migrate({ database: old, directory: declared.migrations });
      expect(await verifyAuditChain(old.kysely)).toMatchObject({ kind: 'whole', head: { sequence: 20n } });
      const { rows } = await sql<{ id: string }>`select id from security_events order by sequence`.execute(old.kysely);
      expect(rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).toSorted());
    } finally {
      await old.close();
      await rm(directory, { recursive: true });
    }
  });
});

describe('a head', () => {
  it('is read as it is written, and nothing else is read', () => {
    const head = { sequence: 123n, hash: '0123456789abcdef'.repeat(4) };
    expect(parseAuditHead(formatAuditHead(head))).toEqual(head);
    for (const text of ['', '1', `0:${head.hash}`, `123:${head.hash}`, `-1${':01234567'.repeat(8)}`, createUuidV7()])
      expect(parseAuditHead(text)).toBeUndefined();
  });
});
