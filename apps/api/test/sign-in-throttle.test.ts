import { Buffer } from 'node:buffer';

import { createPasswordHasher, type PasswordHasher } from '@redoubt/auth';
import { createMemoryStore, type Database } from '@redoubt/storage';
import type { LightMyRequestResponse as InjectResponse } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { DatabaseSchema } from '../src/database-schema.ts';
import { openEmbeddedDatabase } from './support/embedded-database.ts';
import type { UserRow } from '../src/users/user-store.ts';
import { createCountedHasher, type CountedHasher } from './support/counted-hasher.ts';
import { createEmail, createPassword } from './support/journey.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let database: Database<DatabaseSchema>;
let service: TestApp;
let hasher: CountedHasher;
let user: UserRow;
let password: string;
let addresses = 0;

beforeAll(async () => {
  database = await openEmbeddedDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  hasher = createCountedHasher();
  service = await createTestApp({ database, passwordHasher: hasher.passwordHasher });
  password = createPassword();
  user = await service.createUser('user', password);
  hasher.takeCount();
});
afterEach(() => service.close());

/** An attacker with as many addresses as it takes. */
const anotherAddress = (): string => `198.51.${Math.floor(addresses / 250)}.${(addresses++ % 250) + 1}`;

const signIn = (body: object, remoteAddress = anotherAddress(), { app } = service): Promise<InjectResponse> =>
  app.inject({ method: 'POST', url: '/api/auth/login', payload: body, remoteAddress });

/** All of an answer that a client can compare, but for what names the request, or counts those of its address. */
const shown = ({ statusCode, headers, body }: InjectResponse): string =>
  JSON.stringify([
    statusCode,
    Object.entries(headers).filter(([name]) => !['x-request-id', 'date', 'ratelimit-remaining'].includes(name)),
    body.replace(/"requestId":"[^"]+"/, ''),
  ]);

async function fail(times: number, email = user.email): Promise<InjectResponse> {
  for (let count = 1; count < times; count += 1) await signIn({ email, password: createPassword() });
  return signIn({ email, password: createPassword() });
}

const eventsOf = (name: string): Record<string, unknown>[] =>
  service.log
    .lines()
    .map((line) => line['securityEvent'] as Record<string, unknown> | undefined)
    .filter((event) => event !== undefined)
    .filter((event) => event['name'] === name);

describe('an account that somebody guesses at', () => {
  it('SR-13, SR-14: is locked after five failures, and answers as for a wrong password, to the last byte', async () => {
    const wrong = await fail(5);
    const locked = await signIn({ email: user.email, password: createPassword() });
    const lockedAndRight = await signIn({ email: user.email, password });
    expect(shown(locked)).toBe(shown(wrong));
    expect(shown(lockedAndRight)).toBe(shown(wrong));
    expect(lockedAndRight.statusCode).toBe(401);
    service.clock.advance(30_000);
    expect((await signIn({ email: user.email, password })).statusCode).toBe(200);
  });

  it('SR-13, SR-14: is not told apart from an unknown one by being locked, nor by the work done', async () => {
    const unknown = createEmail();
    const invited = (await service.createUser('user')).email;
    for (const email of [user.email, unknown, invited]) await fail(5, email);
    hasher.takeCount();
    const answers = new Set<string>();
    for (const email of [user.email, unknown, invited]) {
      answers.add(shown(await signIn({ email, password: createPassword() })));
      expect(hasher.takeCount()).toBe(1);
    }
    answers.add(shown(await signIn({ email: createEmail(), password })));
    expect(hasher.takeCount()).toBe(1);
    expect(answers.size).toBe(1);
    // The event log of the service knows more: each of the three was locked, once.
    expect(eventsOf('authn_login_lock')).toHaveLength(3);
  });

  it('SR-13: keeps its sessions: an attack does not end or block what the victim is signed in with', async () => {
    const signedIn = await signIn({ email: user.email, password });
    const { accessToken } = signedIn.json<{ accessToken: string }>();
    await fail(40);
    const me = await service.app.inject({
      url: '/api/users/me',
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(me.statusCode).toBe(200);
  });

  it('SR-13: is counted over replicas', async () => {
    const { sharedStore } = service.dependencies;
    const other = await createTestApp({ database, sharedStore, passwordHasher: hasher.passwordHasher });
    const attempt = () => signIn({ email: user.email, password: createPassword() }, anotherAddress(), other);
    for (let count = 0; count < 3; count += 1) await attempt();
    await fail(2);
    expect((await signIn({ email: user.email, password }, anotherAddress(), other)).statusCode).toBe(401);
    await other.app.close();
  });

  it('SR-13: gains nothing from many guesses at once: what is found after the lock is not told', async () => {
    const guesses = [...Array.from({ length: 60 }, createPassword), password];
    let admitted = 0;
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const passwordHasher: PasswordHasher = {
      ...hasher.passwordHasher,
      async verify(storedHash, presented) {
        admitted += 1;
        // All of them have been admitted before the first one fails.
        if (admitted === guesses.length) open();
        await gate;
        return hasher.passwordHasher.verify(storedHash, presented);
      },
    };
    const { sharedStore } = service.dependencies;
    const other = await createTestApp({ database, sharedStore, passwordHasher });
    const answers = await Promise.all(
      guesses.map((guess) => signIn({ email: user.email, password: guess }, anotherAddress(), other)),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(guesses.map(() => 401));
    await other.app.close();
  });

  it('lets many right sign-ins at once all pass', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => signIn({ email: user.email, password })));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200));
  });

  it('SR-13: is closed to passwords after 100 failures in a row, however slow they come', async () => {
    for (let hour = 0; hour < 99; hour += 1) {
      await fail(1);
      service.clock.advance(HOUR_MS);
    }
    expect((await signIn({ email: user.email, password })).statusCode).toBe(200);
    for (let hour = 0; hour < 100; hour += 1) {
      await fail(1);
      service.clock.advance(HOUR_MS);
    }
    service.clock.advance(365 * 24 * HOUR_MS);
    const refused = await signIn({ email: user.email, password });
    expect(shown(refused)).toBe(shown(await signIn({ email: createEmail(), password })));
    expect(refused.statusCode).toBe(401);
    const reasons = eventsOf('authn_login_lock').map((event) => event['details']);
    expect(reasons.filter((details) => JSON.stringify(details).includes('in a row'))).toHaveLength(1);
  });

  it('SR-45: leaves its events: each failure, each lock once, the success after failures', async () => {
    await fail(8);
    expect(eventsOf('authn_login_fail')).toHaveLength(8);
    expect(eventsOf('authn_login_lock')).toEqual([expect.objectContaining({ subjectId: user.id })]);
    service.clock.advance(30_000);
    await signIn({ email: user.email, password });
    await signIn({ email: user.email, password });
    expect(eventsOf('authn_login_successafterfail')).toEqual([expect.objectContaining({ actorId: user.id })]);
    expect(eventsOf('authn_login_success')).toHaveLength(2);
  });
});

describe('an address that guesses', () => {
  it('SR-13: waits after 20 failures, whoever they were for, and is told how long', async () => {
    const attacker = '203.0.113.66';
    for (let count = 0; count < 20; count += 1)
      expect((await signIn({ email: createEmail(), password }, attacker)).statusCode).toBe(401);
    const answers = [
      await signIn({ email: user.email, password }, attacker),
      await signIn({ email: createEmail(), password }, attacker),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([429, 429]);
    expect(answers[0]?.headers['retry-after']).toBe('900');
    expect(new Set(answers.map(shown)).size).toBe(1);
    expect(eventsOf('excess_rate_limit_exceeded')).toHaveLength(1);
    expect((await signIn({ email: user.email, password }, '203.0.113.67')).statusCode).toBe(200);
    service.clock.advance(15 * MINUTE_MS);
    expect((await signIn({ email: user.email, password }, attacker)).statusCode).toBe(200);
  });

  it('SR-13: does not escape within its /64', async () => {
    for (let count = 0; count < 20; count += 1)
      await signIn({ email: createEmail(), password }, `2001:db8:7:7::${count.toString(16)}`);
    expect((await signIn({ email: user.email, password }, '2001:db8:7:7:ffff::1')).statusCode).toBe(429);
    expect((await signIn({ email: user.email, password }, '2001:db8:7:8::1')).statusCode).toBe(200);
  });
});

describe('sign-in without what it needs', () => {
  it('SR-13: is refused with 503 while the shared store is away', async () => {
    const sharedStore = createMemoryStore({ now: service.clock.now });
    const other = await createTestApp({ database, sharedStore });
    await sharedStore.close();
    const response = await signIn({ email: user.email, password }, anotherAddress(), other);
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('1');
    await other.app.close();
  });

  it('SR-40: is refused with 503 when more passwords wait than may, and goes on when there is room', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = createPasswordHasher({
      concurrency: 1,
      queueLimit: 2,
      derive: async ({ tagBytes }) => {
        await held;
        return Buffer.alloc(tagBytes);
      },
    });
    const other = await createTestApp({ database, passwordHasher: slow });
    let refused = 0;
    const attempts = Array.from({ length: 6 }, async () => {
      const response = await signIn({ email: createEmail(), password }, anotherAddress(), other);
      if (response.statusCode !== 503) return response;
      expect(response.headers['retry-after']).toBe('1');
      refused += 1;
      // One runs and two wait: there is room again only once the others have been refused.
      if (refused === 3) release();
      return response;
    });
    const statuses = (await Promise.all(attempts)).map(({ statusCode }) => statusCode);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([401, 401, 401, 503, 503, 503]);
    expect((await signIn({ email: createEmail(), password }, anotherAddress(), other)).statusCode).toBe(401);
    await other.app.close();
  });
});
