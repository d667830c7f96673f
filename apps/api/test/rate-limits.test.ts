import { randomUUID } from 'node:crypto';

import { createMemoryStore, type Database } from '@redoubt/storage';
import type { InjectOptions } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { DatabaseSchema } from '../src/database-schema.ts';
import { openEmbeddedDatabase } from './support/embedded-database.ts';
import { createEmail, createPassword } from './support/journey.ts';
import { createTestApp, defaultLimits, type TestApp } from './support/test-app.ts';

let database: Database<DatabaseSchema>;
let service: TestApp;

beforeAll(async () => {
  database = await openEmbeddedDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  service = await createTestApp({ database }, { rateLimits: defaultLimits });
});
afterEach(() => service.close());

const password = createPassword();
const token = 'a'.repeat(43);

/** Every way to guess a password, a token or an address. */
const guesses: readonly InjectOptions[] = [
  { url: '/api/auth/login', payload: { email: createEmail(), password } },
  { url: '/api/auth/register', payload: { email: createEmail(), password } },
  { url: '/api/auth/confirm', payload: { token, password } },
  { url: '/api/auth/password/forgot', payload: { email: createEmail() } },
  { url: '/api/auth/password/reset', payload: { token, newPassword: password } },
];

const send = (request: InjectOptions, remoteAddress = '192.0.2.1', { app } = service) =>
  app.inject({ method: 'POST', remoteAddress, ...request });

describe('an address that guesses', () => {
  it('SR-22: has ten tries in three minutes for all of sign-in, registration, confirmation and reset together', async () => {
    for (let count = 0; count < 10; count += 1) {
      const answer = await send(guesses[count % guesses.length] ?? {});
      expect([answer.statusCode < 429, answer.headers['ratelimit-remaining']]).toEqual([true, String(9 - count)]);
    }
    for (const guess of guesses) {
      const refused = await send(guess);
      expect([refused.statusCode, refused.headers['retry-after'], refused.headers['ratelimit-limit']]).toEqual([
        429,
        '180',
        '10',
      ]);
    }
    expect((await send(guesses[0] ?? {}, '192.0.2.2')).statusCode).toBe(401);
    service.clock.advance(180_000);
    expect((await send(guesses[0] ?? {})).statusCode).toBe(401);
  });

  it('SR-22: does not sign out who is signed in behind it, nor keep anybody from the keys', async () => {
    const user = await service.createUser('user');
    const { headers, refresh } = await service.openSession(user);
    for (let count = 0; count < 11; count += 1) await send(guesses[0] ?? {});
    for (let count = 0; count < 101; count += 1) await send({ url: '/api/nothing', method: 'GET' });
    expect((await send({ url: '/api/nothing', method: 'GET' })).statusCode).toBe(429);
    expect((await send({ url: '/api/users/me', method: 'GET', headers })).statusCode).toBe(200);
    expect((await send({ url: '/api/auth/refresh', headers: refresh })).statusCode).toBe(200);
    expect((await send({ url: '/.well-known/jwks.json', method: 'GET' })).statusCode).toBe(200);
  });

  it('SR-22: has 30 refreshes in a minute', async () => {
    const refresh: InjectOptions = {
      url: '/api/auth/refresh',
      headers: { cookie: `__Host-refresh=${token}`, 'x-requested-with': 'test' },
    };
    for (let count = 0; count < 30; count += 1) expect((await send(refresh)).statusCode).toBe(401);
    expect((await send(refresh)).statusCode).toBe(429);
  });

  it('SR-45: is a security event, once in a window', async () => {
    for (let count = 0; count < 15; count += 1) await send(guesses[0] ?? {});
    const events = service.log
      .lines()
      .map((line) => line['securityEvent'] as Record<string, unknown> | undefined)
      .filter((event) => event?.['name'] === 'excess_rate_limit_exceeded');
    expect(events).toMatchObject([{ clientAddress: '192.0.2.1', details: { limit: 'sign-in' } }]);
  });
});

describe('a signed-in user', () => {
  it('SR-22: has 600 requests in a minute, and an event that names them', async () => {
    const user = await service.createUser('user');
    const me: InjectOptions = { url: '/api/users/me', method: 'GET', headers: await service.as(user) };
    for (let count = 0; count < 600; count += 1) expect((await send(me)).statusCode).toBe(200);
    expect((await send(me, '192.0.2.3')).statusCode).toBe(429);
    const raised = service.log.text().match(/excess_rate_limit_exceeded[^\n]*/)?.[0];
    expect(raised).toContain(user.id);
  });

  it('SR-22: tries to change the password ten times in three minutes', async () => {
    const headers = await service.as(await service.createUser('user', password));
    const payload = { currentPassword: createPassword(), newPassword: createPassword() };
    const change: InjectOptions = { url: '/api/auth/password', headers, payload };
    for (let count = 0; count < 10; count += 1) expect((await send(change, randomUUID())).statusCode).toBe(401);
    expect((await send(change)).statusCode).toBe(429);
  });
});

describe('without the shared store', () => {
  it('SR-22, SR-30: nobody guesses uncounted: every way to sign in answers 503 and when to come back', async () => {
    const sharedStore = createMemoryStore({ now: Date.now });
    const alone = await createTestApp({ database, sharedStore }, { rateLimits: defaultLimits });
    await sharedStore.close();
    const refresh = {
      url: '/api/auth/refresh',
      headers: { cookie: `__Host-refresh=${token}`, 'x-requested-with': 'a' },
    };
    for (const guess of [...guesses, refresh]) {
      const answer = await send(guess, '192.0.2.1', alone);
      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
    }
    const anybody = await send({ url: '/.well-known/jwks.json', method: 'GET' }, '192.0.2.1', alone);
    expect([anybody.statusCode, anybody.headers['ratelimit-limit']]).toEqual([200, '300']);
    await alone.close();
  });
});
