import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, migrate, openEmbedded } from '../../src/index.ts';
import { withMigrations } from '@redoubt/testing/contracts/contract-schema';

const MIGRATIONS = { '0001-notes.sql': 'create table notes (title text);' };

describe('an embedded database in a directory', () => {
  let parent: string;
  let directory: string;
  const opened: Database<unknown>[] = [];

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'embedded-'));
    directory = join(parent, 'deeper', 'database');
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
    await rm(parent, { recursive: true });
  });

  async function open(): Promise<Database<unknown>> {
    const database = await openEmbedded<unknown>({ directory });
    opened.push(database);
    return database;
  }

  it('keeps its rows, its migrations and its roles', async () => {
    const first = await open();
    await withMigrations(MIGRATIONS, (files) => migrate({ database: first, directory: files }));
    await sql`insert into notes values ('kept')`.execute(first.kysely);
    await first.close();
    const second = await open();
    const result = await withMigrations(MIGRATIONS, (files) => migrate({ database: second, directory: files }));
    expect(result).toStrictEqual({ applied: [], total: 1 });
    expect((await sql`select title from notes`.execute(second.kysely)).rows).toStrictEqual([{ title: 'kept' }]);
    await expect(sql`truncate notes`.execute(second.kysely)).rejects.toMatchObject({ code: '42501' });
  });

  it('is open to its owner only', async () => {
    await open();
    expect((await stat(directory)).mode & 0o077).toBe(0);
  });

  it('is refused to a second opener while the first lives, and free when it closed', async () => {
    const first = await open();
    await expect(open()).rejects.toThrow(`in use by process ${process.pid}`);
    await first.close();
    await expect(open()).resolves.toBeDefined();
  });

  it('is taken over from a process that is gone', async () => {
    await open().then((database) => database.close());
    // No process has this id: it is above the largest that systems give.
    await writeFile(`${directory}.lock`, '2147483646');
    await open();
    expect(await readFile(`${directory}.lock`, 'utf8')).toBe(String(process.pid));
  });
});
