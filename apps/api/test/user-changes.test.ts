import { randomUUID } from 'node:crypto';

import type { LightMyRequestResponse as Response } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UserRow } from '../src/users/user-store.ts';
import { createPassword } from './support/journey.ts';
import { createTestApp, type TestApp, type TestSession } from './support/test-app.ts';

/** Two replicas over one database and one store. */
let service: TestApp;
let other: TestApp;
let admin: UserRow;

beforeAll(async () => {
  service = await createTestApp();
  const { database, sharedStore, now } = service.dependencies;
  other = await createTestApp({ database, sharedStore, now });
  admin = await service.createUser('admin');
});
afterAll(async () => {
  await other.close();
  await service.close();
});

async function patch(id: string, body: object, by?: Record<string, string>): Promise<Response> {
  const headers = by ?? (await service.as(admin));
  return service.app.inject({ method: 'PATCH', url: `/api/users/${id}`, headers, payload: body });
}

/** What each replica answers, asked for the list of users: 200 to administrators, 403 to others. */
async function listing(headers: Record<string, string>): Promise<number[]> {
  const answers: number[] = [];
  for (const { app } of [service, other]) answers.push((await app.inject({ url: '/api/users', headers })).statusCode);
  return answers;
}

async function refreshed({ refresh: headers }: TestSession): Promise<Record<string, string>> {
  const response = await other.app.inject({ url: '/api/auth/refresh', method: 'POST', headers });
  expect(response.statusCode).toBe(200);
  return { authorization: `Bearer ${response.json<{ accessToken: string }>().accessToken}` };
}

async function eventsOn(subjectId: string): Promise<string[]> {
  await service.dependencies.detections.settled();
  await service.dependencies.securityEvents.settled();
  const { kysely } = service.dependencies.database;
  const rows = await kysely
    .selectFrom('security_events')
    .select('name')
    .where('subject_id', '=', subjectId)
    .orderBy('sequence')
    .execute();
  return rows.map(({ name }) => name);
}

describe('a change of the role', () => {
  it('SR-7: acts on the very next request, on both replicas, and the session goes on with the new role', async () => {
    const target = await service.createUser('admin');
    const session = await service.openSession(target);
    expect(await listing(session.headers)).toEqual([200, 200]);
    const response = await patch(target.id, { role: 'user' });
    expect(response.json()).toMatchObject({ id: target.id, role: 'user' });
    expect(await listing(session.headers)).toEqual([401, 401]);
    const headers = await refreshed(session);
    expect(await listing(headers)).toEqual([403, 403]);
    expect(await eventsOn(target.id)).toEqual(['authz_change', 'user_updated', 'alert_role_grant']);
  });

  it('SR-7: acts each time, also twice in one second', async () => {
    const target = await service.createUser('user');
    const session = await service.openSession(target);
    await patch(target.id, { role: 'admin' });
    const promoted = await refreshed(session);
    expect(await listing(promoted)).toEqual([200, 200]);
    await patch(target.id, { role: 'user' });
    expect(await listing(promoted)).toEqual([401, 401]);
  });

  it('leaves access tokens alone when the role stays', async () => {
    const target = await service.createUser('user');
    const session = await service.openSession(target);
    expect((await patch(target.id, { role: 'user', age: 40 })).json()).toMatchObject({ age: 40 });
    expect(await listing(session.headers)).toEqual([403, 403]);
    expect(await eventsOn(target.id)).toEqual(['user_updated']);
  });
});

describe('a disabled account', () => {
  it('SR-7: is out from the very next request on, on both replicas, and cannot come back', async () => {
    const password = createPassword();
    const target = await service.createUser('user', password);
    const session = await service.openSession(target);
    expect(await listing(session.headers)).toEqual([403, 403]);
    expect((await patch(target.id, { disabled: true })).statusCode).toBe(200);
    expect(await listing(session.headers)).toEqual([401, 401]);
    const refresh = () => service.app.inject({ url: '/api/auth/refresh', method: 'POST', headers: session.refresh });
    expect((await refresh()).statusCode).toBe(401);
    const credentials = { email: target.email, password };
    expect((await service.post('/api/auth/login', credentials)).statusCode).toBe(401);
    await patch(target.id, { disabled: false });
    expect((await refresh()).statusCode).toBe(401);
    expect((await service.post('/api/auth/login', credentials)).statusCode).toBe(200);
  });

  it('SR-7: cannot refresh, even where its sessions were left', async () => {
    const target = await service.createUser('user');
    const session = await service.openSession(target);
    const { kysely } = service.dependencies.database;
    await kysely.updateTable('users').set({ disabled_at: new Date() }).where('id', '=', target.id).execute();
    const response = await service.app.inject({
      url: '/api/auth/refresh',
      method: 'POST',
      headers: session.refresh,
    });
    expect(response.statusCode).toBe(401);
  });
});

describe('who changes accounts', () => {
  it('SR-54: has signed in within ten minutes, or is asked to, as RFC 9470 says', async () => {
    const headers = await service.as(admin);
    service.clock.advance(601_000);
    const refused = await patch(admin.id, { age: 50 }, headers);
    expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([
      401,
      'Bearer error="insufficient_user_authentication", max_age=600',
    ]);
    expect((await patch(admin.id, { age: 50 })).statusCode).toBe(200);
  });

  it('leaves at least one administrator', async () => {
    const own = await createTestApp();
    const [first, second] = [await own.createUser('admin'), await own.createUser('admin')];
    const change = async (id: string, body: object, by: UserRow) =>
      (await own.app.inject({ method: 'PATCH', url: `/api/users/${id}`, headers: await own.as(by), payload: body }))
        .statusCode;
    const answers = await Promise.all([
      change(first.id, { role: 'user' }, second),
      change(second.id, { disabled: true }, first),
    ]);
    expect(answers.toSorted((a, b) => a - b)).toEqual([200, 409]);
    await own.close();
  });

  for (const [what, body] of Object.entries({
    nothing: {},
    'a role that does not exist': { role: 'root' },
    'an age below 18': { age: 17 },
    'a text in place of a truth': { disabled: 'true' },
    'another address': { email: 'a@mail.example' },
  })) {
    it(`SR-16: cannot ask for ${what}`, async () => {
      expect((await patch(admin.id, body)).statusCode).toBe(400);
    });
  }

  it('is told that an account does not exist', async () => {
    expect((await patch(randomUUID(), { age: 30 })).statusCode).toBe(404);
  });
});
