import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { UserStore } from '../src/users/user-store.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

let service: TestApp;

beforeAll(async () => {
  service = await createTestApp();
});
afterAll(() => service.close());

describe('a new database', () => {
  it('SR-51: has no account that somebody could know', async () => {
    await expect(service.dependencies.database.kysely.selectFrom('users').selectAll().execute()).resolves.toEqual([]);
  });
});

describe('a stored password hash', () => {
  it('SR-55: is replaced by who compared it, and by nobody who compared an older one', async () => {
    const { kysely } = service.dependencies.database;
    const users = new UserStore(kysely);
    const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()];
    const { id } = await service.createUser('user');
    await kysely.updateTable('users').set({ password_hash: first }).where('id', '=', id).execute();
    expect(await users.replacePasswordHash(id, first, second)).toBe(true);
    expect(await users.replacePasswordHash(id, first, third)).toBe(false);
    expect((await users.findById(id))?.password_hash).toBe(second);
    await kysely.updateTable('users').set({ disabled_at: new Date() }).where('id', '=', id).execute();
    expect(await users.replacePasswordHash(id, second, third)).toBe(false);
  });
});
