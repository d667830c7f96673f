import { randomUUID } from 'node:crypto';

import { signedIn } from '@redoubt/auth';
import { AppError } from '@redoubt/server';
import { Type } from '@sinclair/typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createEmail } from './support/journey.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

const Answer = Type.Object({ name: Type.String({ maxLength: 10 }) }, { additionalProperties: false });
const schema = { body: Type.Null(), response: { 201: Answer } };
const declaration = { access: signedIn(), idempotency: 'required', schema } as const;

/** Failures of the server, as handlers and what they lean on raise them. */
const failures = [
  { status: 503, raise: () => new AppError('unavailable', { retryAfterSeconds: 1 }) },
  { status: 500, raise: () => new Error('nobody foresaw this') },
];

let service: TestApp;
let headers: Record<string, string>;

beforeAll(async () => {
  service = await createTestApp();
  const { app } = service;
  app.post('/sends', declaration, async (_request, reply) => reply.code(201).send({ name: 'a' }));
  app.post('/forgets', declaration, () => ({ name: 'a', secret: 'c4n4ry' }));
  for (const { status, raise } of failures) {
    let calls = 0;
    app.post(`/fails-first-with-${status}`, declaration, (_request, reply) => {
      calls += 1;
      if (calls === 1) throw raise();
      reply.code(201);
      return { name: `call ${calls}` };
    });
  }
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

  for (const { status } of failures) {
    it(`SR-41: stores no ${status}: the same key runs again, and from then on has its answer`, async () => {
      const once = { ...headers, 'idempotency-key': randomUUID() };
      const send = () => service.app.inject({ url: `/fails-first-with-${status}`, method: 'POST', headers: once });
      expect((await send()).statusCode).toBe(status);
      const answers = [await send(), await send()];
      for (const { statusCode, body } of answers) expect([statusCode, body]).toEqual([201, '{"name":"call 2"}']);
      expect(answers.map((answer) => answer.headers['idempotency-replayed'])).toEqual([undefined, 'true']);
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
