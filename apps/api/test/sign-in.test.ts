import { randomBytes } from 'node:crypto';

import { createPasswordHasher } from '@redoubt/auth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { UserStore } from '../src/users/user-store.ts';
import { createEmail, createPassword } from './support/journey.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

let service: TestApp;

beforeAll(async () => {
  service = await createTestApp();
});
afterAll(() => service.close());

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
const withoutRequestId = (body: string): string => body.replace(/"requestId":"[^"]+"/, '');
/** A new password of so many characters that begins with the one given. */
const wordsOf = (first: string, length: number): string =>
  `${first}${randomBytes(length)
    .toString('base64url')
    .slice(0, length - 1)}`;
const register = (body: object) => service.post('/api/auth/register', body);
const signIn = (body: object) => service.post('/api/auth/login', body);

describe('registration', () => {
  it('SR-14: answers a taken address as a new one, and leaves the account alone', async () => {
    const email = createEmail();
    const password = createPassword();
    const first = await register({ email, password });
    const second = await register({ email: email.toUpperCase(), password: createPassword() });
    expect([first.statusCode, second.statusCode]).toEqual([202, 202]);
    expect(second.body).toBe(first.body);
    expect(Object.keys(second.headers)).toEqual(Object.keys(first.headers));
    expect((await signIn({ email, password })).statusCode).toBe(200);
  });

  it('SR-11: takes passwords from 15 to 256 characters of any script, to the last character', async () => {
    for (const password of [wordsOf('é', 15), wordsOf('😀', 15), wordsOf('a', 64), wordsOf('b', 256)]) {
      const email = createEmail();
      expect((await register({ email, password })).statusCode).toBe(202);
      expect((await signIn({ email, password })).statusCode).toBe(200);
      expect((await signIn({ email, password: `${password.slice(0, -2)}!!` })).statusCode).toBe(401);
    }
  });

  for (const [what, password] of Object.entries({
    '14 characters': 'a'.repeat(14),
    '257 characters': 'a'.repeat(257),
  })) {
    it(`SR-11: refuses a password of ${what}`, async () => {
      const response = await register({ email: createEmail(), password });
      expect(response.statusCode).toBe(400);
      expect(response.json()).toMatchObject({ errors: [{ pointer: '/password' }] });
    });
  }

  it('refuses a role of the own choice', async () => {
    expect((await register({ email: createEmail(), password: createPassword(), role: 'admin' })).statusCode).toBe(400);
  });

  it('SR-21: does not read more than 4 KiB', async () => {
    const response = await register({ email: createEmail(), password: 'a'.repeat(4096) });
    expect(response.statusCode).toBe(413);
  });

  it('leads to a sign-in only after the address was confirmed, in production', async () => {
    const production = await createTestApp({}, { registration: 'confirmed' });
    const credentials = { email: createEmail(), password: createPassword() };
    expect((await production.post('/api/auth/register', credentials)).statusCode).toBe(202);
    expect((await production.post('/api/auth/login', credentials)).statusCode).toBe(401);
    await production.close();
  });
});

describe('sign-in', () => {
  it('answers a token that proves who signed in', async () => {
    const password = createPassword();
    const user = await service.createUser('user', password);
    const response = await signIn({ email: user.email, password });
    const answer = response.json<{ accessToken: string }>();
    expect(answer).toEqual({ accessToken: expect.any(String) as string, tokenType: 'Bearer', expiresIn: 600 });
    const me = await service.app.inject({
      url: '/api/users/me',
      headers: { authorization: `Bearer ${answer.accessToken}` },
    });
    expect(me.json()).toMatchObject({ id: user.id });
  });

  it('SR-11: asks for no other password, however old one is', async () => {
    const later = await createTestApp();
    const password = createPassword();
    const user = await later.createUser('user', password);
    later.clock.advance(5 * YEAR_MS);
    expect((await later.post('/api/auth/login', { email: user.email, password })).statusCode).toBe(200);
    await later.close();
  });

  it('SR-14: refuses an unknown address, a wrong password, an account without one, and a disabled one alike', async () => {
    const password = createPassword();
    const known = await service.createUser('user', password);
    const invited = await service.createUser('user');
    const disabled = await service.createUser('user', password);
    const { kysely } = service.dependencies.database;
    await kysely.updateTable('users').set({ disabled_at: new Date() }).where('id', '=', disabled.id).execute();
    const answers = [
      await signIn({ email: createEmail(), password }),
      await signIn({ email: known.email, password: createPassword() }),
      await signIn({ email: invited.email, password }),
      await signIn({ email: disabled.email, password }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401, 401]);
    expect(new Set(answers.map(({ body }) => withoutRequestId(body))).size).toBe(1);
    expect(new Set(answers.map(({ headers }) => Object.keys(headers).join())).size).toBe(1);
  });

  it('SR-10: strengthens a stored hash that is weaker than new ones', async () => {
    const weaker = await createTestApp({ database: service.dependencies.database });
    const password = createPassword();
    const user = await service.createUser('user');
    const users = new UserStore(service.dependencies.database.kysely);
    const weak = createPasswordHasher({ parameters: { memoryKib: 12_288, passes: 3, parallelism: 1 } });
    const { kysely } = service.dependencies.database;
    const stored = { password_hash: await weak.rehash(password) };
    await kysely.updateTable('users').set(stored).where('id', '=', user.id).execute();
    expect((await weaker.post('/api/auth/login', { email: user.email, password })).statusCode).toBe(200);
    expect((await users.findById(user.id))?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await weaker.close();
  });

  it('SR-43: writes neither the password nor the token to the log', async () => {
    const password = createPassword();
    const user = await service.createUser('user', password);
    const { accessToken } = (await signIn({ email: user.email, password })).json<{ accessToken: string }>();
    await signIn({ email: user.email, password: `${password}-wrong` });
    expect(service.log.text()).not.toContain(password);
    expect(service.log.text()).not.toContain(accessToken);
  });
});
