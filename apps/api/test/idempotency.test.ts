import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UserRow } from '../src/users/user-store.ts';
import { createEmail } from './support/journey.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let service: TestApp;
let admin: UserRow;

beforeAll(async () => {
  service = await createTestApp();
  admin = await service.createUser('admin');
});
afterAll(() => service.close());

async function create(key: string | undefined, body: object, by: UserRow = admin) {
  return service.post('/api/users', body, {
    ...(await service.as(by)),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  });
}

/** An answer as bytes, without what differs between any two creations: their ids, instants, dates and addresses. */
function shapeOf({ statusCode, headers, body }: Awaited<ReturnType<typeof create>>): string {
  return JSON.stringify({ statusCode, headers, body })
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid')
    .replaceAll(/"date":"[^"]+"/g, '"date"')
    .replaceAll(/"ratelimit-(remaining|reset)":"[0-9]+"/g, '"ratelimit-$1"');
}

async function countUsers(email: string): Promise<number> {
  const rows = await service.dependencies.database.kysely
    .selectFrom('users')
    .select('id')
    .where('email', '=', email)
    .execute();
  return rows.length;
}

describe('a key', () => {
  for (const key of [undefined, '', 'short', 'a'.repeat(256), 'with space in the middle', 'ümläut-ümläut-ümläut']) {
    it(`SR-41: is required, and ${JSON.stringify(key?.slice(0, 20))} is none`, async () => {
      const email = createEmail();
      expect(
        (await create(key === undefined ? undefined : Buffer.from(key).toString('latin1'), { email })).statusCode,
      ).toBe(400);
      expect(await countUsers(email)).toBe(0);
    });
  }

  it('SR-41: answers a second request as the first, and says so', async () => {
    const key = randomUUID();
    const email = createEmail();
    const first = await create(key, { email });
    const second = await create(key, { email });
    expect([second.statusCode, second.body, second.headers['location']]).toEqual([
      201,
      first.body,
      first.headers['location'],
    ]);
    expect([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']]).toEqual([
      undefined,
      'true',
    ]);
    expect(await countUsers(email)).toBe(1);
  });

  it('SR-41: makes one effect of 50 requests at once', async () => {
    const key = randomUUID();
    const email = createEmail();
    const answers = await Promise.all(Array.from({ length: 50 }, () => create(key, { email })));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(await countUsers(email)).toBe(1);
  });

  it('SR-41: is refused for another request', async () => {
    const key = randomUUID();
    await create(key, { email: createEmail() });
    expect((await create(key, { email: createEmail() })).statusCode).toBe(422);
  });

  it('SR-41: of another caller is another key, and shows nothing of the first', async () => {
    const other = await service.createUser('admin');
    const key = randomUUID();
    const email = createEmail();
    expect((await create(key, { email })).statusCode).toBe(201);
    const foreign = await create(key, { email }, other);
    expect(foreign.statusCode).toBe(409);
    expect(foreign.body).not.toContain(email);
  });

  it('SR-41: of another caller makes its own effect, and no byte of either answer tells of the first', async () => {
    const other = await service.createUser('admin');
    const [key, taken] = [randomUUID(), createEmail()];
    expect((await create(key, { email: taken })).statusCode).toBe(201);
    const conflict = await create(key, { email: taken }, other);
    const own = await create(key, { email: createEmail() }, other);
    expect(own.headers['idempotency-replayed']).toBeUndefined();
    expect(shapeOf(conflict)).toBe(shapeOf(await create(randomUUID(), { email: taken }, other)));
    expect(shapeOf(own)).toBe(shapeOf(await create(randomUUID(), { email: createEmail() }, other)));
  });

  it('SR-41: leaves nothing behind when its request fails, so that it can be used again', async () => {
    const key = randomUUID();
    const taken = await service.createUser('user');
    expect((await create(key, { email: taken.email })).statusCode).toBe(409);
    expect((await create(key, { email: createEmail() })).statusCode).toBe(201);
  });

  it('SR-41: is remembered for 24 hours', async () => {
    const key = randomUUID();
    await create(key, { email: createEmail() });
    service.clock.advance(DAY_MS - 1);
    expect((await create(key, { email: createEmail() })).statusCode).toBe(422);
    service.clock.advance(2);
    expect((await create(key, { email: createEmail() })).statusCode).toBe(201);
  });
});
