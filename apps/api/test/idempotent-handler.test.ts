import { randomUUID } from 'node:crypto';

import { signedIn } from '@redoubt/auth';
import { Type } from '@sinclair/typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createEmail } from './support/journey.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

const Answer = Type.Object({ name: Type.String({ maxLength: 10 }) }, { additionalProperties: false });
const schema = { body: Type.Null(), response: { 201: Answer } };
const declaration = { access: signedIn(), idempotency: 'required', schema } as const;

let service: TestApp;
let headers: Record<string, string>;

beforeAll(async () => {
  service = await createTestApp();
  const { app } = service;
  app.post('/sends', declaration, async (_request, reply) => reply.code(201).send({ name: 'a' }));
  app.post('/forgets', declaration, () => ({ name: 'a', secret: 'c4n4ry' }));
  headers = await service.as(await service.createUser('user'));
});
afterAll(() => service.close());

async function storedKeys(key: string): Promise<number> {
  const rows = await service.dependencies.database.kysely
    .selectFrom('idempotency_keys')
    .select('key')
    .where('key', '=', key)
    .execute();
  return rows.length;
}

describe('a handler that runs once', () => {
  for (const url of ['/sends', '/forgets']) {
    it(`SR-41: tells of no success that is rolled back, and leaves nothing behind (${url})`, async () => {
      const key = randomUUID();
      const response = await service.app.inject({
        url,
        method: 'POST',
        headers: { ...headers, 'idempotency-key': key },
      });
      expect(response.statusCode).toBe(500);
      expect(response.body).not.toContain('c4n4ry');
      expect(await storedKeys(key)).toBe(0);
    });
  }

  it('SR-45: raises the event of its write once, however often it is asked', async () => {
    const admin = await service.createUser('admin');
    const asAdmin = { ...(await service.as(admin)), 'idempotency-key': randomUUID() };
    const body = { email: createEmail() };
    const { id } = (await service.post('/api/users', body, asAdmin)).json<{ id: string }>();
    await service.post('/api/users', body, asAdmin);
    await service.dependencies.securityEvents.settled();
    const events = await service.dependencies.database.kysely
      .selectFrom('security_events')
      .selectAll()
      .where('subject_id', '=', id)
      .execute();
    expect(events.map(({ name }) => name)).toEqual(['user_created']);
  });
});
