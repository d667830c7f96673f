import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UserRow } from '../src/users/user-store.ts';
import { apiOf } from './support/injected-client.ts';
import { createEmail } from './support/journey.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

let service: TestApp;
let admin: UserRow;
let user: UserRow;

beforeAll(async () => {
  service = await createTestApp();
  admin = await service.createUser('admin');
  user = await service.createUser('user');
});
afterAll(() => service.close());

const key = (): Record<string, string> => ({ 'idempotency-key': randomUUID() });
const withoutRequestId = (body: string): string => body.replace(/"requestId":"[^"]+"/, '');

describe('accounts', () => {
  it('SR-17: show themselves without what is not for them', async () => {
    const { data } = await (await apiOf(service, user)).GET('/api/users/me');
    expect(data).toEqual({
      id: user.id,
      email: user.email,
      role: 'user',
      createdAt: user.created_at.toISOString(),
    });
  });

  it('SR-2: of others look like accounts that do not exist, to the last byte', async () => {
    const headers = await service.as(user);
    const foreign = await service.app.inject({ url: `/api/users/${admin.id}`, headers });
    const missing = await service.app.inject({ url: `/api/users/${randomUUID()}`, headers });
    expect([foreign.statusCode, missing.statusCode]).toEqual([404, 404]);
    expect(withoutRequestId(foreign.body)).toBe(withoutRequestId(missing.body));
    expect(Object.keys(foreign.headers)).toEqual(Object.keys(missing.headers));
  });

  it('can be read by an administrator, who is told the truth about missing ones', async () => {
    const headers = await service.as(admin);
    expect((await service.app.inject({ url: `/api/users/${user.id}`, headers })).statusCode).toBe(200);
    expect((await service.app.inject({ url: `/api/users/${randomUUID()}`, headers })).statusCode).toBe(404);
    expect((await service.app.inject({ url: '/api/users/1', headers })).statusCode).toBe(400);
  });

  it('come page by page, each once', async () => {
    for (let count = 0; count < 5; count += 1) await service.createUser('user');
    const api = await apiOf(service, admin);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 2, ...(cursor === undefined ? {} : { cursor }) };
      const { data: page } = await api.GET('/api/users', { params: { query } });
      expect(page?.items.length).toBeLessThanOrEqual(2);
      seen.push(...(page?.items ?? []).map(({ id }) => id));
      cursor = page?.nextCursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining([admin.id, user.id]));
  });

  it('are created by an administrator, with a place to find them', async () => {
    const email = createEmail();
    const { data, response } = await (
      await apiOf(service, admin)
    ).POST('/api/users', {
      params: { header: { 'idempotency-key': randomUUID() } },
      body: { email: email.toUpperCase(), age: 40 },
    });
    expect(response.status).toBe(201);
    expect(data).toMatchObject({ email, role: 'user', age: 40 });
    expect(response.headers.get('location')).toBe(`/api/users/${data?.id}`);
  });

  it('have one address each', async () => {
    const headers = { ...(await service.as(admin)), ...key() };
    expect((await service.post('/api/users', { email: user.email }, headers)).statusCode).toBe(409);
  });

  const invalid = {
    'an age below 18': { email: 'a@mail.example', age: 17 },
    'an age above 120': { email: 'a@mail.example', age: 121 },
    'an age in a text': { email: 'a@mail.example', age: '30' },
    'a role that does not exist': { email: 'a@mail.example', role: 'root' },
    'no address': { age: 30 },
    'an address that is none': { email: 'nobody' },
    'an address of 255 characters': { email: `${'a'.repeat(242)}@mail.example` },
    'a field that carries authority': { email: 'a@mail.example', permissions: ['users:write'] },
    'an id of its own choice': { email: 'a@mail.example', id: randomUUID() },
  };
  for (const [what, body] of Object.entries(invalid)) {
    it(`SR-16: are not created with ${what}`, async () => {
      const headers = { ...(await service.as(admin)), ...key() };
      expect((await service.post('/api/users', body, headers)).statusCode).toBe(400);
    });
  }
});
