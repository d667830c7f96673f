import { type AccessRule, allOf, recentSignIn, signedIn } from '@redoubt/auth';
import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';

import { createTestServer, principals } from '../support/test-server.ts';
import { createThingsServer } from '../support/things-server.ts';

const as = (name: 'ada' | 'bob') => ({ authorization: `Bearer token-of-${name}` });

describe('authorization', () => {
  it('SR-1: a permission opens a route to those who have it only', async () => {
    const { app } = await createThingsServer();
    expect((await app.inject({ url: '/read', headers: as('ada') })).statusCode).toBe(200);
    expect((await app.inject({ url: '/read', headers: as('bob') })).statusCode).toBe(403);
  });

  it('SR-2: what belongs to somebody else looks like what does not exist', async () => {
    const { app } = await createThingsServer();
    const foreign = await app.inject({ url: `/owned/${principals['token-of-bob']?.userId}`, headers: as('ada') });
    const missing = await app.inject({ url: '/owned/018f0000-0000-7000-8000-0000000000ff', headers: as('ada') });
    const plain = (body: string): string => body.replace(/"requestId":"[^"]+"/, '');
    expect(foreign.statusCode).toBe(404);
    expect(plain(foreign.body)).toBe(plain(missing.body));
    expect(Object.keys(foreign.headers)).toEqual(Object.keys(missing.headers));
    expect(
      (await app.inject({ url: `/owned/${principals['token-of-ada']?.userId}`, headers: as('ada') })).statusCode,
    ).toBe(200);
  });

  it('SR-54: asks for a newer sign-in as RFC 9470 says, and only where that would help', async () => {
    const { app } = await createTestServer();
    const stale = recentSignIn({ withinSeconds: 300, now: () => 301_000 });
    const schema = { response: { 200: Type.Null() } };
    app.get('/sensitive', { access: allOf(signedIn(), stale), schema }, () => null);
    const challenge = async (headers: Record<string, string>) =>
      (await app.inject({ url: '/sensitive', headers })).headers['www-authenticate'];
    expect(await challenge(as('ada'))).toBe('Bearer error="insufficient_user_authentication", max_age=300');
    expect(await challenge({ authorization: 'Bearer wrong' })).toBe('Bearer');
    expect(await challenge({})).toBe('Bearer');
  });

  it('decides before it reads the body, so that a stranger learns nothing of the schema', async () => {
    const { app } = await createTestServer();
    const Body = Type.Object({ name: Type.String({ maxLength: 5 }) }, { additionalProperties: false });
    const rule: AccessRule = {
      name: 'nobody',
      requires: { kind: 'custom', description: 'nobody' },
      deniedAs: 'forbidden',
      check: () => false,
    };
    app.put('/x', { access: rule, schema: { body: Body, response: { 200: Body } } }, ({ body }) => body);
    const response = await app.inject({
      url: '/x',
      method: 'PUT',
      headers: { ...as('ada'), 'content-type': 'application/json' },
      payload: '{"',
    });
    expect(response.statusCode).toBe(403);
  });

  it('SR-30: a denial that cannot be reported is still a denial', async () => {
    const denied = (): never => {
      throw new Error('nobody listens');
    };
    for (const check of [() => false, () => Promise.resolve(false)]) {
      const { app, log } = await createTestServer({ observer: { denied } });
      const rule: AccessRule = {
        name: 'nobody',
        requires: { kind: 'custom', description: '' },
        deniedAs: 'forbidden',
        check,
      };
      app.get('/x', { access: rule, schema: { response: { 204: Type.Null() } } }, (_request, reply) => {
        reply.code(204).send(null);
      });
      expect((await app.inject({ url: '/x', headers: as('ada') })).statusCode).toBe(403);
      expect(log.text()).toContain('what was seen of a request could not be reported');
    }
  });

  for (const [what, check] of Object.entries({
    throws: () => {
      throw new Error('c4n4ry');
    },
    rejects: () => Promise.reject(new Error('c4n4ry')),
    'answers something true-ish': () => 1 as never,
  })) {
    it(`SR-30: a rule that ${what} denies`, async () => {
      const denied: string[] = [];
      const { app, log } = await createTestServer({
        observer: { denied: (_request, { name }) => denied.push(name) },
      });
      const rule: AccessRule = {
        name: 'broken',
        requires: { kind: 'custom', description: 'broken' },
        deniedAs: 'forbidden',
        check,
      };
      app.get('/x', { access: rule, schema: { response: { 204: Type.Null() } } }, (_request, reply) => {
        reply.code(204).send(null);
      });
      const response = await app.inject({ url: '/x', headers: as('ada') });
      expect([response.statusCode, denied]).toEqual([403, ['broken']]);
      expect(response.body).not.toContain('c4n4ry');
      if (what !== 'answers something true-ish') expect(log.text()).toContain('an access rule failed and denied');
    });
  }
});
