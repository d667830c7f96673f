import { createHash, randomBytes, randomUUID } from 'node:crypto';

import type { MailMessage } from '@redoubt/mail';
import type { Database } from '@redoubt/storage';
import type { LightMyRequestResponse as InjectResponse } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { DatabaseSchema } from '../src/database-schema.ts';
import { openEmbeddedDatabase } from './support/embedded-database.ts';
import type { UserRow } from '../src/users/user-store.ts';
import { createCountedHasher, type CountedHasher } from './support/counted-hasher.ts';
import { createEmail, createPassword } from './support/journey.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

const MINUTE_MS = 60_000;

let database: Database<DatabaseSchema>;
let service: TestApp;
let hasher: CountedHasher;
let user: UserRow;
let password: string;

beforeAll(async () => {
  database = await openEmbeddedDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  hasher = createCountedHasher();
  service = await createTestApp(
    {
      database,
      passwordHasher: hasher.passwordHasher,
    },
    { registration: 'confirmed' },
  );
  password = createPassword();
  user = await service.createUser('user', password);
  hasher.takeCount();
});
afterEach(() => service.close());

const register = (email: string, chosen = createPassword()) =>
  service.post('/api/auth/register', { email, password: chosen });
const confirm = (token: string, chosen = password) => service.post('/api/auth/confirm', { token, password: chosen });
const forgot = (email: string) => service.post('/api/auth/password/forgot', { email });
const reset = (token: string, newPassword = createPassword()) =>
  service.post('/api/auth/password/reset', { token, newPassword });
const signIn = async (email: string, presented: string): Promise<number> =>
  (await service.post('/api/auth/login', { email, password: presented })).statusCode;

const shown = ({ statusCode, headers, body }: InjectResponse): string =>
  JSON.stringify([
    statusCode,
    Object.entries(headers).filter(([name]) => !['x-request-id', 'date', 'ratelimit-remaining'].includes(name)),
    body.replace(/"requestId":"[^"]+"/, ''),
  ]);

const tokenIn = ({ text, secrets }: MailMessage): string => {
  const token = /"token":"([\w-]{43})"/.exec(text)?.[1] ?? '';
  expect(secrets).toEqual([token]);
  return token;
};

async function onlyMail(): Promise<MailMessage> {
  const [mail, ...others] = await service.mails();
  expect(others).toEqual([]);
  if (mail === undefined) throw new Error('no mail was sent');
  return mail;
}

async function resetToken(email = user.email): Promise<string> {
  await forgot(email);
  return tokenIn(await onlyMail());
}

describe('a registration in production', () => {
  it('SR-56: is confirmed by the token of the mail, once, and signs nobody in', async () => {
    const email = createEmail();
    await register(email, password);
    expect(await signIn(email, password)).toBe(401);
    const mail = await onlyMail();
    expect(mail.to).toBe(email);
    const answer = await confirm(tokenIn(mail));
    expect([answer.statusCode, answer.body, answer.headers['set-cookie']]).toEqual([204, '', undefined]);
    expect(await signIn(email, password)).toBe(200);
    expect((await confirm(tokenIn(mail))).statusCode).toBe(400);
  });

  it('SR-14: of a taken address answers and computes alike, and tells the owner alone', async () => {
    const fresh = await register(createEmail());
    expect(hasher.takeCount()).toBe(1);
    await service.mails();
    const taken = await register(user.email.toUpperCase());
    expect(hasher.takeCount()).toBe(1);
    expect(shown(taken)).toBe(shown(fresh));
    expect(await onlyMail()).toMatchObject({ to: user.email, subject: 'You have an account already', secrets: [] });
    expect(await signIn(user.email, password)).toBe(200);
  });

  it('SR-56: by a stranger leaves no password of the stranger to the one who confirms', async () => {
    const email = createEmail();
    const strangers = createPassword();
    await register(email, strangers);
    await service.mails();
    await register(email, password);
    await confirm(tokenIn(await onlyMail()));
    expect([await signIn(email, password), await signIn(email, strangers)]).toEqual([200, 401]);
  });

  it("SR-56: is not confirmed by the owner of the address when it was a stranger's", async () => {
    const email = createEmail();
    const strangers = createPassword();
    await register(email, strangers);
    const token = tokenIn(await onlyMail());
    expect((await confirm(token)).statusCode).toBe(400);
    expect(await signIn(email, strangers)).toBe(401);
  });

  it('does not fill a mailbox: three notices in an hour', async () => {
    for (let count = 0; count < 5; count += 1) await register(user.email);
    expect(await service.mails()).toHaveLength(3);
    service.clock.advance(60 * MINUTE_MS);
    await register(user.email);
    expect(await service.mails()).toHaveLength(1);
  });

  it('SR-12: with a password that is refused says which rule, at the field', async () => {
    for (const chosen of ['passwordpassword', 'qwertyuiopasdfghjkl', 'redoubt-api-redoubt']) {
      const response = await register(createEmail(), chosen);
      expect([chosen, response.statusCode]).toEqual([chosen, 400]);
      expect(response.json()).toMatchObject({ errors: [{ pointer: '/password' }] });
      expect(response.body).not.toContain(chosen);
    }
    const personal = await register('magdalena.kowalczyk@mail.example', 'magdalena.kowalczyk1');
    expect(personal.json()).toMatchObject({ errors: [{ message: expect.stringContaining('e-mail') as string }] });
    expect(hasher.takeCount()).toBe(0);
  });
});

describe('a registration of an address that an administrator has invited', () => {
  it('SR-56: leads to a new invitation, never to the password of whoever registered', async () => {
    const invited = await service.createUser('admin');
    await database.kysely.updateTable('users').set({ confirmed_at: null }).where('id', '=', invited.id).execute();
    const stranger = createPassword();
    expect((await register(invited.email, stranger)).statusCode).toBe(202);
    const token = tokenIn(await onlyMail());
    expect((await confirm(token)).statusCode).toBe(400);
    const own = createPassword();
    expect((await reset(token, own)).statusCode).toBe(204);
    expect([await signIn(invited.email, stranger), await signIn(invited.email, own)]).toEqual([401, 200]);
  });
});

describe('a forgotten password', () => {
  it('SR-56: is replaced by the token of the mail; failures, locks and sessions end with it', async () => {
    await database.kysely.insertInto('sign_in_failures').values({ user_id: user.id, consecutive: 100 }).execute();
    for (let count = 0; count < 5; count += 1) await signIn(user.email, createPassword());
    expect(await signIn(user.email, password)).toBe(401);
    const session = await service.openSession(user);
    const chosen = createPassword();
    const answer = await reset(await resetToken(), chosen);
    expect([answer.statusCode, answer.body, answer.headers['set-cookie']]).toEqual([204, '', undefined]);
    const old = await service.app.inject({ url: '/api/users/me', headers: session.headers });
    expect(old.statusCode).toBe(401);
    expect([await signIn(user.email, chosen), await signIn(user.email, password)]).toEqual([200, 401]);
    expect(service.log.text()).toContain('authn_password_change');
  });

  it('SR-14, SR-56: is answered alike for known, unknown, disabled and exhausted accounts, with the same work', async () => {
    const disabled = await service.createUser('user', password);
    await database.kysely.updateTable('users').set({ disabled_at: new Date() }).where('id', '=', disabled.id).execute();
    hasher.takeCount();
    const answers = [await forgot(createEmail()), await forgot(disabled.email)];
    expect(await service.mails()).toEqual([]);
    for (let count = 0; count < 4; count += 1) answers.push(await forgot(user.email));
    expect(await service.mails()).toHaveLength(3);
    expect(new Set(answers.map(shown)).size).toBe(1);
    expect(answers[0]?.statusCode).toBe(202);
    expect(hasher.takeCount()).toBe(0);
    service.clock.advance(60 * MINUTE_MS);
    await forgot(user.email);
    expect(await service.mails()).toHaveLength(1);
  });

  it('SR-56: four requests at once get three mails', async () => {
    await Promise.all(Array.from({ length: 8 }, () => forgot(user.email)));
    expect(await service.mails()).toHaveLength(3);
  });

  it('SR-14: is answered before anything is looked up, while the mail server hangs, and when it fails', async () => {
    const failing = await createTestApp({
      database,
      mailer: { send: () => Promise.reject(new Error('away')), close: () => Promise.resolve() },
    });
    const hanging = await createTestApp({
      database,
      mailer: { send: () => new Promise(() => undefined), close: () => Promise.resolve() },
    });
    for (const { post } of [failing, hanging])
      expect((await post('/api/auth/password/forgot', { email: user.email })).statusCode).toBe(202);
    await failing.mails();
    expect(failing.log.text()).toContain('a mail was not sent');
    expect(await failing.dependencies.metrics.registry.metrics()).toContain('mails_lost_total 1');
    await Promise.all([failing.close(), hanging.app.close()]);
  });
});

describe('a one-time token', () => {
  it('SR-55, SR-56: is not undone by a change with the old password that is slower', async () => {
    const { headers } = await service.openSession(user);
    const token = await resetToken();
    const [own, thief] = [createPassword(), createPassword()];
    const change = service.post('/api/auth/password', { currentPassword: password, newPassword: thief }, headers);
    const [answer] = await Promise.all([reset(token, own), change]);
    expect(answer.statusCode).toBe(204);
    expect([await signIn(user.email, own), await signIn(user.email, thief)]).toEqual([200, 401]);
  });

  it('SR-56: can no longer be replaced by an older token once it was changed', async () => {
    const { headers } = await service.openSession(user);
    const token = await resetToken();
    const own = createPassword();
    const change = await service.post('/api/auth/password', { currentPassword: password, newPassword: own }, headers);
    expect(change.statusCode).toBe(204);
    expect((await reset(token)).statusCode).toBe(400);
    expect(await signIn(user.email, own)).toBe(200);
  });

  it('SR-56: works once', async () => {
    const token = await resetToken();
    expect((await reset(token)).statusCode).toBe(204);
    const again = await reset(token, password);
    expect([again.statusCode, again.json<{ type: string }>().type]).toEqual([400, 'urn:problem-type:invalid-token']);
    expect(await signIn(user.email, password)).toBe(401);
  });

  it('SR-56: used 20 times at once works once', async () => {
    const token = await resetToken();
    const passwords = Array.from({ length: 20 }, createPassword);
    const answers = await Promise.all(passwords.map((chosen) => reset(token, chosen)));
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.filter((status) => status === 400)).toHaveLength(19);
    expect(await signIn(user.email, passwords[statuses.indexOf(204)] ?? '')).toBe(200);
  });

  it('SR-56: works for 15 minutes, and not a millisecond longer', async () => {
    const token = await resetToken();
    service.clock.advance(15 * MINUTE_MS);
    expect((await reset(token)).statusCode).toBe(400);
    const another = await resetToken();
    service.clock.advance(15 * MINUTE_MS - 1);
    expect((await reset(another)).statusCode).toBe(204);
    const email = createEmail();
    await register(email, password);
    const confirmation = tokenIn(await onlyMail());
    service.clock.advance(15 * MINUTE_MS);
    expect((await confirm(confirmation)).statusCode).toBe(400);
  });

  it('SR-56: is no token of another kind', async () => {
    const email = createEmail();
    await register(email, password);
    const confirmation = tokenIn(await onlyMail());
    expect((await reset(confirmation)).statusCode).toBe(400);
    expect((await confirm(await resetToken())).statusCode).toBe(400);
    expect((await confirm(confirmation)).statusCode).toBe(204);
  });

  it('SR-56: replaces the password of its own account alone, and ends the account’s other tokens', async () => {
    const other = await service.createUser('user', password);
    const [first, second] = [await resetToken(), await resetToken()];
    expect((await reset(second)).statusCode).toBe(204);
    expect((await reset(first)).statusCode).toBe(400);
    expect(await signIn(other.email, password)).toBe(200);
  });

  it('SR-6, SR-56: that is wrong is refused alike, however it is wrong', async () => {
    const used = await resetToken();
    await reset(used);
    const expired = await resetToken();
    service.clock.advance(15 * MINUTE_MS);
    const wrong = [used, expired, randomBytes(32).toString('base64url'), 'x', ' '.repeat(43), 'a'.repeat(86)];
    const answers = [];
    for (const token of wrong) answers.push(await reset(token, password));
    expect(new Set(answers.map(shown)).size).toBe(1);
    expect(hasher.takeCount()).toBe(1);
  });

  it('SR-12, SR-56: is not used up by a password that is refused', async () => {
    const token = await resetToken();
    const refused = await reset(token, 'passwordpassword');
    expect(refused.json()).toMatchObject({ status: 400, errors: [{ pointer: '/newPassword' }] });
    expect((await reset(token, `${user.email}!`)).statusCode).toBe(400);
    expect((await reset(token)).statusCode).toBe(204);
  });

  it('SR-56: is stored as its SHA-256 alone', async () => {
    const token = await resetToken();
    const rows = await database.kysely.selectFrom('one_time_tokens').selectAll().execute();
    expect(rows.map((row) => row.token_hash)).toContain(createHash('sha256').update(token).digest('base64url'));
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('SR-43: is in no log, nor is a password', async () => {
    const email = createEmail();
    const chosen = createPassword();
    await register(email, password);
    const confirmation = tokenIn(await onlyMail());
    await confirm(confirmation);
    const token = await resetToken(email);
    await reset(token, chosen);
    await reset(token, chosen);
    await service.dependencies.securityEvents.settled();
    for (const secret of [confirmation, token, password, chosen]) expect(service.log.text()).not.toContain(secret);
    const events = await database.kysely.selectFrom('security_events').selectAll().execute();
    expect(JSON.stringify(events)).not.toContain(token);
  });
});

describe('an invitation', () => {
  const invite = async (email: string, key: string = randomUUID()) => {
    const headers = { ...(await service.as(await service.createUser('admin'))), 'idempotency-key': key };
    return { headers, response: await service.post('/api/users', { email }, headers) };
  };

  it('SR-56: lets the invited person choose the password, once', async () => {
    const email = createEmail();
    expect((await invite(email)).response.statusCode).toBe(201);
    const mail = await onlyMail();
    expect(mail).toMatchObject({ to: email, subject: 'An account was made for you' });
    expect(await signIn(email, password)).toBe(401);
    expect((await confirm(tokenIn(mail))).statusCode).toBe(400);
    expect((await reset(tokenIn(mail), password)).statusCode).toBe(204);
    expect(await signIn(email, password)).toBe(200);
    expect((await reset(tokenIn(mail))).statusCode).toBe(400);
  });

  it('SR-41: is sent once when the request is repeated, and not when it is refused', async () => {
    const email = createEmail();
    const { headers } = await invite(email);
    expect((await service.post('/api/users', { email }, headers)).headers['idempotency-replayed']).toBe('true');
    expect((await invite(email)).response.statusCode).toBe(409);
    expect(await service.mails()).toHaveLength(1);
  });
});
