import { randomUUID } from 'node:crypto';

import type { LightMyRequestResponse as Response } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UserRow } from '../src/users/user-store.ts';
import { createPassword } from './support/journey.ts';
import { createTestApp, type TestApp, type TestSession } from './support/test-app.ts';

/** Two replicas over one database and one store. */
let service: TestApp;
let other: TestApp;

beforeAll(async () => {
  service = await createTestApp();
  const { database, sharedStore, now } = service.dependencies;
  other = await createTestApp({ database, sharedStore, now });
});
afterAll(async () => {
  await other.close();
  await service.close();
});

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

function send(
  method: Method,
  url: string,
  { headers }: Pick<TestSession, 'headers'>,
  body?: object,
): Promise<Response> {
  return service.app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) });
}

/** What each replica answers the session's access token; asked twice, so that a remembered answer is seen too. */
async function statuses({ headers }: Pick<TestSession, 'headers'>): Promise<number[]> {
  const answers: number[] = [];
  for (const { app } of [service, other, service, other])
    answers.push((await app.inject({ url: '/api/users/me', headers })).statusCode);
  return answers;
}

async function refreshStatus({ refresh: headers }: TestSession): Promise<number> {
  return (await other.app.inject({ url: '/api/auth/refresh', method: 'POST', headers })).statusCode;
}

async function eventsOn(name: string, userId: string): Promise<number> {
  await service.dependencies.securityEvents.settled();
  const { kysely } = service.dependencies.database;
  const rows = await kysely
    .selectFrom('security_events')
    .select('id')
    .where('name', '=', name as 'authz_change')
    .where((row) => row.or([row('subject_id', '=', userId), row('actor_id', '=', userId)]))
    .execute();
  return rows.length;
}

const ALIVE = [200, 200, 200, 200];
const ENDED = [401, 401, 401, 401];

describe('sign-out', () => {
  it('SR-7, SR-55: ends the session on every replica from the next request on, and clears the browser', async () => {
    const user = await service.createUser('user');
    const [session, elsewhere] = [await service.openSession(user), await service.openSession(user)];
    expect(await statuses(session)).toEqual(ALIVE);
    const response = await send('POST', '/api/auth/logout', session);
    expect([response.statusCode, response.body]).toEqual([204, '']);
    expect(response.headers['clear-site-data']).toBe('"cookies", "storage"');
    expect(response.headers['set-cookie']).toBe(
      '__Host-refresh=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict',
    );
    expect(await statuses(session)).toEqual(ENDED);
    expect(await refreshStatus(session)).toBe(401);
    expect(await statuses(elsewhere)).toEqual(ALIVE);
    expect(await eventsOn('authn_token_revoked', user.id)).toBe(1);
  });

  it('SR-6: refuses the token then as any other that is not valid', async () => {
    const session = await service.openSession(await service.createUser('user'));
    await send('POST', '/api/auth/logout', session);
    const ended = await send('GET', '/api/users/me', session);
    const broken = await send('GET', '/api/users/me', { headers: { authorization: 'Bearer x' } });
    const face = ({ headers, body }: Response) => [
      headers['www-authenticate'],
      Object.keys(headers),
      body.replace(/"requestId":"[^"]+"/, ''),
    ];
    expect(face(ended)).toEqual(face(broken));
  });

  it('SR-7: ends a token that has no session', async () => {
    const headers = await service.as(await service.createUser('user'));
    expect((await send('POST', '/api/auth/logout', { headers })).statusCode).toBe(204);
    expect(await statuses({ headers })).toEqual(ENDED);
  });
});

describe('the list of sessions', () => {
  it('SR-55: shows the own ones, and which is in use', async () => {
    const user = await service.createUser('user');
    const [first, second] = [await service.openSession(user), await service.openSession(user)];
    await service.openSession(await service.createUser('user'));
    const { items } = (await send('GET', '/api/auth/sessions', second)).json<{ items: { id: string }[] }>();
    expect(items.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(items).toEqual([
      expect.objectContaining({ current: true, clientAddress: '127.0.0.1' }),
      expect.objectContaining({ current: false }),
    ]);
  });

  it('SR-55: keeps what a client calls itself, and no more than 256 characters of it', async () => {
    const password = createPassword();
    const user = await service.createUser('user', password);
    const agent = { 'user-agent': 'a'.repeat(5000) };
    const signIn = await service.post('/api/auth/login', { email: user.email, password }, agent);
    const headers = { authorization: `Bearer ${signIn.json<{ accessToken: string }>().accessToken}` };
    const { items } = (await send('GET', '/api/auth/sessions', { headers })).json<{ items: object[] }>();
    expect(items).toEqual([expect.objectContaining({ userAgent: 'a'.repeat(256) })]);
  });

  it('SR-55: has ten at most: the eleventh sign-in ends the oldest', async () => {
    const user = await service.createUser('user');
    const sessions: TestSession[] = [];
    for (let count = 0; count < 11; count += 1) {
      sessions.push(await service.openSession(user));
      service.clock.advance(1000);
    }
    const [oldest, second, ...newer] = sessions;
    if (oldest === undefined || second === undefined) throw new Error('there are eleven');
    expect(await statuses(oldest)).toEqual(ENDED);
    expect(await refreshStatus(oldest)).toBe(401);
    for (const session of [second, ...newer]) expect(await statuses(session)).toEqual(ALIVE);
  });
});

describe('the end of a session', () => {
  it('SR-7, SR-55: is in the hands of its user', async () => {
    const user = await service.createUser('user');
    const [here, there] = [await service.openSession(user), await service.openSession(user)];
    expect(await statuses(there)).toEqual(ALIVE);
    expect((await send('DELETE', `/api/auth/sessions/${there.id}`, here)).statusCode).toBe(204);
    expect(await statuses(there)).toEqual(ENDED);
    expect(await refreshStatus(there)).toBe(401);
    expect(await statuses(here)).toEqual(ALIVE);
  });

  it('SR-2: of a stranger looks like that of a session that does not exist, to the last byte', async () => {
    const session = await service.openSession(await service.createUser('user'));
    const stranger = await service.openSession(await service.createUser('user'));
    const answers = [stranger.id, randomUUID()].map((id) => send('DELETE', `/api/auth/sessions/${id}`, session));
    const [foreign, missing] = await Promise.all(answers);
    expect([foreign?.statusCode, missing?.statusCode]).toEqual([404, 404]);
    expect(foreign?.body.replace(/"requestId":"[^"]+"/, '')).toBe(missing?.body.replace(/"requestId":"[^"]+"/, ''));
    expect(Object.keys(foreign?.headers ?? {})).toEqual(Object.keys(missing?.headers ?? {}));
    expect(await statuses(stranger)).toEqual(ALIVE);
  });

  it('SR-7, SR-55: can be brought about by an administrator', async () => {
    const admin = await service.openSession(await service.createUser('admin'));
    const user = await service.createUser('user');
    const session = await service.openSession(user);
    expect(await statuses(session)).toEqual(ALIVE);
    expect((await send('DELETE', `/api/users/${user.id}/sessions`, admin)).statusCode).toBe(204);
    expect(await statuses(session)).toEqual(ENDED);
    expect(await refreshStatus(session)).toBe(401);
    expect(await statuses(admin)).toEqual(ALIVE);
  });
});

describe('a change of the password', () => {
  async function person(): Promise<{ user: UserRow; password: string; here: TestSession; there: TestSession }> {
    const password = createPassword();
    const user = await service.createUser('user', password);
    return { user, password, here: await service.openSession(user), there: await service.openSession(user) };
  }

  it('SR-7, SR-55: keeps the session that made it, and ends the others on every replica', async () => {
    const { user, password, here, there } = await person();
    const newPassword = createPassword();
    expect(await statuses(there)).toEqual(ALIVE);
    const change = { currentPassword: password, newPassword };
    expect((await send('POST', '/api/auth/password', here, change)).statusCode).toBe(204);
    expect(await statuses(there)).toEqual(ENDED);
    expect(await refreshStatus(there)).toBe(401);
    expect(await statuses(here)).toEqual(ALIVE);
    expect(await refreshStatus(here)).toBe(200);
    const signIn = (candidate: string) => service.post('/api/auth/login', { email: user.email, password: candidate });
    expect((await signIn(password)).statusCode).toBe(401);
    expect((await signIn(newPassword)).statusCode).toBe(200);
    expect(await eventsOn('authn_password_change', user.id)).toBe(1);
  });

  it('needs the current password', async () => {
    const { here, there } = await person();
    const change = { currentPassword: createPassword(), newPassword: createPassword() };
    expect((await send('POST', '/api/auth/password', here, change)).statusCode).toBe(401);
    expect(await statuses(there)).toEqual(ALIVE);
  });

  it('SR-7: leaves no session to a sign-in with the old password that was under way', async () => {
    const { user, password, here } = await person();
    const row = await service.dependencies.database.kysely
      .selectFrom('users')
      .select('password_hash')
      .where('id', '=', user.id)
      .executeTakeFirstOrThrow();
    const change = { currentPassword: password, newPassword: createPassword() };
    expect((await send('POST', '/api/auth/password', here, change)).statusCode).toBe(204);
    const signIn = {
      userId: user.id,
      profile: 'standard',
      method: 'pwd',
      clientAddress: '127.0.0.1',
      userAgent: undefined,
    } as const;
    const late = await service.dependencies.sessions.begin(
      signIn,
      ({ passwordHash }) => passwordHash === row.password_hash,
    );
    expect(late).toBeUndefined();
  });

  it('SR-54: asks for a new sign-in after ten minutes, as RFC 9470 says', async () => {
    const { user, password, here } = await person();
    const change = { currentPassword: password, newPassword: createPassword() };
    service.clock.advance(600_000);
    const latest = (
      await service.app.inject({ url: '/api/auth/refresh', method: 'POST', headers: here.refresh })
    ).json<{
      accessToken: string;
    }>();
    service.clock.advance(1000);
    // A refresh is no sign-in: its token is new, and the proof behind it old.
    const headers = { authorization: `Bearer ${latest.accessToken}` };
    const refused = await send('POST', '/api/auth/password', { headers }, change);
    expect([refused.statusCode, refused.headers['www-authenticate']]).toEqual([
      401,
      'Bearer error="insufficient_user_authentication", max_age=600',
    ]);
    const again = await service.post('/api/auth/login', { email: user.email, password });
    const fresh = { authorization: `Bearer ${again.json<{ accessToken: string }>().accessToken}` };
    expect((await send('POST', '/api/auth/password', { headers: fresh }, change)).statusCode).toBe(204);
  });
});

describe('while the shared store is away', () => {
  it('SR-30: signed-in routes answer 503 and let nobody in, public ones go on, and nothing is half done', async () => {
    const own = await createTestApp();
    const user = await own.createUser('user');
    const session = await own.openSession(user);
    const me = () => own.app.inject({ url: '/api/users/me', headers: session.headers });
    await own.dependencies.sharedStore.close();
    const refused = await me();
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '1']);
    expect((await own.app.inject({ url: '/.well-known/jwks.json' })).statusCode).toBe(200);
    await expect(own.dependencies.sessions.end({ userId: user.id }, 'signed-out')).rejects.toThrow('shared store');
    expect(await own.dependencies.sessions.list(user.id)).toHaveLength(1);
    await own.close();
  });
});
