import { randomBytes } from 'node:crypto';

import { REFRESH_COOKIE, SESSION_PROFILES } from '@redoubt/auth';
import type { LightMyRequestResponse as Response } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UserRow } from '../src/users/user-store.ts';
import { createPassword } from './support/journey.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

/** Two replicas over one database and one store. */
let service: TestApp;
let other: TestApp;
let user: UserRow;

beforeAll(async () => {
  service = await createTestApp();
  const { database, sharedStore, now } = service.dependencies;
  other = await createTestApp({ database, sharedStore, now });
  user = await service.createUser('user');
});
afterAll(async () => {
  await other.close();
  await service.close();
});

const WINDOW_MS = 10_000;

function refresh(headers: Record<string, string>, replica: TestApp = service): Promise<Response> {
  return replica.app.inject({ url: '/api/auth/refresh', method: 'POST', headers });
}

function cookieOf(response: Response): Record<string, string> {
  const [pair = ''] = String(response.headers['set-cookie']).split(';');
  expect(pair).toMatch(/^__Host-refresh=[\w-]{43}$/);
  return { cookie: pair, 'x-requested-with': 'test' };
}

async function me(response: Response, replica: TestApp = service): Promise<number> {
  const { accessToken } = response.json<{ accessToken: string }>();
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await replica.app.inject({ url: '/api/users/me', headers })).statusCode;
}

async function eventsNamed(name: string, actorId: string): Promise<number> {
  await Promise.all([service, other].map(({ dependencies }) => dependencies.securityEvents.settled()));
  const { kysely } = service.dependencies.database;
  const rows = await kysely
    .selectFrom('security_events')
    .select('id')
    .where('name', '=', name as 'authn_token_reuse')
    .where('actor_id', '=', actorId)
    .execute();
  return rows.length;
}

describe('a refresh', () => {
  it('SR-8, SR-25: answers as a sign-in does, with the next token in a cookie of exact attributes', async () => {
    const password = createPassword();
    const person = await service.createUser('user', password);
    const signIn = await service.post('/api/auth/login', { email: person.email, password });
    const response = await refresh(cookieOf(signIn));
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ accessToken: expect.any(String) as string, tokenType: 'Bearer', expiresIn: 600 });
    for (const { headers } of [signIn, response])
      expect(headers['set-cookie']).toMatch(
        /^__Host-refresh=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      );
    expect(cookieOf(response)['cookie']).not.toBe(cookieOf(signIn)['cookie']);
    expect(await me(response)).toBe(200);
  });

  it('SR-8: stores no token, only digests', async () => {
    const session = await service.openSession(user);
    const response = await refresh(session.refresh);
    const { kysely } = service.dependencies.database;
    const stored = JSON.stringify([
      await kysely.selectFrom('refresh_tokens').selectAll().execute(),
      await kysely.selectFrom('sessions').selectAll().execute(),
    ]);
    for (const { cookie = '' } of [session.refresh, cookieOf(response)])
      expect(stored).not.toContain(cookie.split('=').at(1));
    expect(service.log.text()).not.toContain(cookieOf(response)['cookie']?.split('=').at(1));
  });

  it('SR-8: ends the whole family when a used token comes back, with one critical event', async () => {
    const person = await service.createUser('user');
    const session = await service.openSession(person);
    const next = await refresh(session.refresh);
    service.clock.advance(WINDOW_MS + 1);
    const replays = await Promise.all(
      Array.from({ length: 5 }, (_, index) => refresh(session.refresh, index % 2 ? service : other)),
    );
    expect(replays.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401, 401, 401]);
    expect((await refresh(cookieOf(next))).statusCode).toBe(401);
    expect([await me(next), await me(next, other)]).toEqual([401, 401]);
    expect(await eventsNamed('authn_token_reuse', person.id)).toBe(1);
    // The other session of the same person goes on.
    expect((await refresh((await service.openSession(person)).refresh)).statusCode).toBe(200);
  });

  it('SR-8: makes one successor of 20 that arrive at once on two replicas, and all get it', async () => {
    const session = await service.openSession(user);
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => refresh(session.refresh, index % 2 ? service : other)),
    );
    expect(new Set(responses.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(new Set(responses.map((response) => cookieOf(response)['cookie'])).size).toBe(1);
    const { kysely } = service.dependencies.database;
    const tokens = kysely.selectFrom('refresh_tokens').select('digest').where('session_id', '=', session.id);
    expect(await tokens.execute()).toHaveLength(2);
  });

  it('SR-8: keeps two tabs signed in that refresh within the window, also when one goes on in between', async () => {
    const session = await service.openSession(user);
    const first = await refresh(session.refresh);
    const further = await refresh(cookieOf(first), other);
    service.clock.advance(WINDOW_MS);
    const late = await refresh(session.refresh, other);
    expect(late.statusCode).toBe(200);
    expect(cookieOf(late)).toEqual(cookieOf(further));
    service.clock.advance(WINDOW_MS + 1);
    expect((await refresh(cookieOf(late))).statusCode).toBe(200);
  });

  it('SR-8: leaves nothing that makes a successor when the window is over', async () => {
    const session = await service.openSession(user);
    const first = await refresh(session.refresh);
    service.clock.advance(WINDOW_MS + 1);
    await refresh(cookieOf(first));
    const { kysely } = service.dependencies.database;
    const salts = kysely
      .selectFrom('refresh_tokens')
      .select('digest')
      .where('session_id', '=', session.id)
      .where('successor_salt', 'is not', null);
    expect(await salts.execute()).toHaveLength(1);
  });

  it('SR-8: refuses every fault of a token alike, and never clears the cookie', async () => {
    const ended = await service.openSession(user);
    await service.app.inject({ url: `/api/auth/sessions/${ended.id}`, method: 'DELETE', headers: ended.headers });
    const unknown = randomBytes(32).toString('base64url');
    const cookies = [undefined, '', 'x', `${REFRESH_COOKIE}=`, `${REFRESH_COOKIE}=x`, `${REFRESH_COOKIE}=${unknown}`];
    const responses = await Promise.all(
      [...cookies, ended.refresh['cookie']].map((cookie) =>
        refresh({ 'x-requested-with': 'test', ...(cookie === undefined ? {} : { cookie }) }),
      ),
    );
    const faces = responses.map(({ statusCode, headers, body }) => [
      statusCode,
      Object.keys(headers).join(),
      headers['www-authenticate'],
      body.replace(/"requestId":"[^"]+"/, ''),
    ]);
    expect(new Set(faces.map((face) => JSON.stringify(face))).size).toBe(1);
    expect(responses[0]?.statusCode).toBe(401);
    expect(responses[0]?.headers['set-cookie']).toBeUndefined();
  });

  it('SR-6: takes no access token, and gives none that is a refresh token', async () => {
    const { headers, refresh: own } = await service.openSession(user);
    const token = headers['authorization']?.split(' ').at(1) ?? '';
    const cookie = `${REFRESH_COOKIE}=${token}`;
    expect((await refresh({ cookie, 'x-requested-with': 'test' })).statusCode).toBe(401);
    const authorization = `Bearer ${own['cookie']?.split('=').at(1)}`;
    expect((await service.app.inject({ url: '/api/users/me', headers: { authorization } })).statusCode).toBe(401);
  });
});

describe('the life of a session', () => {
  for (const profile of ['standard', 'aal2'] as const) {
    const { idleMs, absoluteMs } = SESSION_PROFILES[profile];

    it(`SR-9: of ${profile} ends without use, to the millisecond, with one event`, async () => {
      const person = await service.createUser('user');
      const session = await service.openSession(person, profile);
      service.clock.advance(idleMs - 1);
      const last = await refresh(session.refresh);
      expect(last.statusCode).toBe(200);
      service.clock.advance(idleMs);
      expect((await refresh(cookieOf(last))).statusCode).toBe(401);
      expect((await refresh(cookieOf(last), other)).statusCode).toBe(401);
      expect(await eventsNamed('session_expired', person.id)).toBe(1);
    });

    it(`SR-9: of ${profile} ends in any case, however often it is used`, async () => {
      const start = service.clock.now();
      let headers = (await service.openSession(user, profile)).refresh;
      const step = idleMs / 2;
      while (service.clock.now() + step < start + absoluteMs) {
        service.clock.advance(step);
        const response = await refresh(headers);
        expect(response.statusCode).toBe(200);
        const maxAge = Number(/Max-Age=(\d+)/.exec(String(response.headers['set-cookie']))?.[1]) * 1000;
        expect(maxAge).toBe(Math.min(idleMs, start + absoluteMs - service.clock.now()));
        headers = cookieOf(response);
      }
      service.clock.advance(start + absoluteMs - service.clock.now());
      expect((await refresh(headers)).statusCode).toBe(401);
    });

    it(`SR-9: of ${profile} ends its access tokens, too: the last one lives as long as the session and no longer`, async () => {
      const end = service.clock.now() + absoluteMs;
      let headers = (await service.openSession(user, profile)).refresh;
      while (service.clock.now() + idleMs < end) {
        service.clock.advance(idleMs - 1000);
        headers = cookieOf(await refresh(headers));
      }
      service.clock.advance(end - service.clock.now() - 60_000);
      const last = (await refresh(headers)).json<{ accessToken: string; expiresIn: number }>();
      // Whole seconds: the last one counts in full.
      expect([60, 61]).toContain(last.expiresIn);
    });
  }

  it('SR-9: is that of NIST SP 800-63B-4 for each profile', () => {
    const hour = 3_600_000;
    expect(SESSION_PROFILES.standard).toEqual({ idleMs: 7 * 24 * hour, absoluteMs: 30 * 24 * hour });
    expect(SESSION_PROFILES.aal2).toEqual({ idleMs: hour, absoluteMs: 24 * hour });
  });
});

describe('a foreign page that makes the browser refresh', () => {
  const attacks = {
    'from its own origin': { origin: 'https://evil.example' },
    'with neither origin nor header': {},
    'from an allowed origin that the browser calls another site': {
      origin: 'https://app.example',
      'sec-fetch-site': 'cross-site',
    },
    'with the header, from another site': { 'x-requested-with': 'x', 'sec-fetch-site': 'cross-site' },
  };
  for (const [what, headers] of Object.entries(attacks)) {
    it(`SR-25: is refused ${what}, and the stolen cookie stays unused`, async () => {
      const session = await service.openSession(user);
      const { cookie = '' } = session.refresh;
      const response = await refresh({ cookie, ...headers });
      expect([response.statusCode, response.headers['set-cookie']]).toEqual([403, undefined]);
      expect((await refresh({ cookie, origin: 'https://app.example' })).statusCode).toBe(200);
    });
  }

  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    it(`SR-25: is refused with a body of ${type}`, async () => {
      const { refresh: headers } = await service.openSession(user);
      const response = await service.app.inject({
        url: '/api/auth/refresh',
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        payload: 'a=1',
      });
      expect(response.statusCode).toBe(415);
    });
  }

  it('SR-25: cannot plant a session: a sign-in gives a token of its own, whatever cookie came with it', async () => {
    const password = createPassword();
    const victim = await service.createUser('user', password);
    const planted = await service.openSession(user);
    const credentials = { email: victim.email, password };
    const signIn = await service.post('/api/auth/login', credentials, { cookie: planted.refresh['cookie'] ?? '' });
    expect(cookieOf(signIn)['cookie']).not.toBe(planted.refresh['cookie']);
    const { accessToken } = signIn.json<{ accessToken: string }>();
    const headers = { authorization: `Bearer ${accessToken}` };
    const { items } = (await service.app.inject({ url: '/api/auth/sessions', headers })).json<{
      items: { id: string }[];
    }>();
    expect(items.map(({ id }) => id)).not.toContain(planted.id);
  });
});
