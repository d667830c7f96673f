import type { SecurityEventLog } from '@redoubt/logging';
import type { Database } from '@redoubt/storage';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { DatabaseSchema } from '../src/database-schema.ts';
import { openEmbeddedDatabase } from './support/embedded-database.ts';
import { type EmailAddress, normalizeEmailAddress, parseEmailAddress } from '../src/users/email-address.ts';
import { inviteAdministrator } from '../src/users/invite-administrator.ts';
import { createEmail, createPassword } from './support/journey.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

const MINUTE_MS = 60_000;

let database: Database<DatabaseSchema>;
let service: TestApp;
let email: EmailAddress;

beforeAll(async () => {
  database = await openEmbeddedDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  service = await createTestApp({ database }, { registration: 'confirmed' });
  email = normalizeEmailAddress(createEmail());
});
afterEach(() => service.close());

async function invite(address = email): Promise<string> {
  const invitation = await inviteAdministrator(service.dependencies, address);
  if (invitation.kind === 'refused') throw new Error(invitation.refusal);
  return invitation.token;
}

const choose = async (token: string, newPassword: string): Promise<number> =>
  (await service.post('/api/auth/password/reset', { token, newPassword })).statusCode;

const signIn = async (password: string): Promise<number> =>
  (await service.post('/api/auth/login', { email, password })).statusCode;

async function auditOf(userId: string): Promise<readonly unknown[]> {
  await service.dependencies.securityEvents.settled();
  return database.kysely
    .selectFrom('security_events')
    .select(['name', 'actor_id', 'client_address', 'details'])
    .where('subject_id', '=', userId)
    .orderBy('sequence')
    .execute();
}

describe('the invitation of an administrator', () => {
  it('SR-56: lets its holder choose a password once, and then sign in as an administrator', async () => {
    const [token, password] = [await invite(), createPassword()];
    expect(await signIn(password)).toBe(401);
    expect(await choose(token, password)).toBe(204);
    expect(await choose(token, createPassword())).toBe(400);
    expect(await signIn(password)).toBe(200);
    const row = await database.kysely.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst();
    expect(row).toMatchObject({ role: 'admin', disabled_at: null });
  });

  it('SR-56: is worth nothing after 15 minutes', async () => {
    const token = await invite();
    service.clock.advance(15 * MINUTE_MS);
    expect(await choose(token, createPassword())).toBe(400);
  });

  it('SR-45, SR-46: is in the audit trail, and an alert, before anybody has the token', async () => {
    await invite();
    await service.dependencies.detections.settled();
    const { id } = await database.kysely
      .selectFrom('users')
      .select('id')
      .where('email', '=', email)
      .executeTakeFirstOrThrow();
    const byCommand = { actor_id: null, client_address: null };
    expect(await auditOf(id)).toEqual([
      { name: 'user_created', ...byCommand, details: {} },
      { name: 'authz_change', ...byCommand, details: { from: 'none', to: 'admin' } },
      expect.objectContaining({ name: 'alert_role_grant' }),
    ]);
    await invite();
    expect((await auditOf(id)).at(-1)).toEqual({ name: 'user_updated', ...byCommand, details: { change: 'invited' } });
    expect(service.log.text()).not.toContain(email);
  });

  it('SR-45: makes no token when the audit trail does not take it', async () => {
    const broken: SecurityEventLog = {
      ...service.dependencies.securityEvents,
      counts: { delivered: 0, failed: 0, dropped: 0 },
      raise() {
        Object.assign(broken, { counts: { delivered: 0, failed: 1, dropped: 0 } });
      },
    };
    const invitation = inviteAdministrator({ ...service.dependencies, securityEvents: broken }, email);
    await expect(invitation).rejects.toThrow('the audit trail did not take the event');
    const made = database.kysely
      .selectFrom('one_time_tokens')
      .innerJoin('users', 'users.id', 'one_time_tokens.user_id')
      .select('token_hash')
      .where('email', '=', email);
    expect(await made.execute()).toEqual([]);
  });

  it('SR-56: can be had again while no password is chosen, and the older one ends with the newer one', async () => {
    const [first, second] = [await invite(), await invite()];
    expect(await choose(second, createPassword())).toBe(204);
    expect(await choose(first, createPassword())).toBe(400);
  });

  it('SR-56: is refused to the fourth who asks within an hour', async () => {
    for (let count = 0; count < 3; count += 1) await invite();
    await expect(invite()).rejects.toThrow('too-many-tokens');
    service.clock.advance(60 * MINUTE_MS);
    await expect(invite()).resolves.toMatch(/^[\w-]{43}$/);
  });

  it('SR-56: of two at once, both get one, and the account is made once', async () => {
    const tokens = await Promise.all([invite(), invite()]);
    expect(new Set(tokens).size).toBe(2);
    expect(await database.kysely.selectFrom('users').selectAll().where('email', '=', email).execute()).toHaveLength(1);
  });

  it('SR-54: takes no password away from an administrator who has one', async () => {
    const password = createPassword();
    expect(await choose(await invite(), password)).toBe(204);
    await expect(invite()).rejects.toThrow('has-password');
    expect(await signIn(password)).toBe(200);
  });

  it('SR-1: makes no administrator of a user', async () => {
    const user = await service.createUser('user');
    await expect(invite(normalizeEmailAddress(user.email))).rejects.toThrow('no-administrator');
    const { role } = await database.kysely
      .selectFrom('users')
      .select('role')
      .where('id', '=', user.id)
      .executeTakeFirstOrThrow();
    expect([role, await auditOf(user.id)]).toEqual(['user', []]);
  });

  it('SR-7: opens no disabled account', async () => {
    await invite();
    await database.kysely.updateTable('users').set({ disabled_at: new Date() }).where('email', '=', email).execute();
    await expect(invite()).rejects.toThrow('disabled');
  });
});

describe('an address that comes from no request', () => {
  const addresses = [
    'admin@service.example',
    'Admin.Of+All@a-b.service.example',
    "o'neil_{x}@1.example",
    '',
    'admin',
    'admin@',
    '@service.example',
    'admin@localhost',
    'admin@@service.example',
    'a@b@service.example',
    '.admin@service.example',
    'ad..min@service.example',
    'admin@-service.example',
    'admin@service-.example',
    'admin@service..example',
    'ad min@service.example',
    'admin@service.example\n',
    'Администратор@service.example',
    'admin@sеrvice.example',
    `${'a'.repeat(241)}@service.example`,
    `${'a'.repeat(238)}@service.example`,
  ];

  it.each(addresses)('is taken where a request is taken with it, and refused where that is: %j', async (address) => {
    const { statusCode } = await service.post('/api/auth/login', { email: address, password: createPassword() });
    expect([400, 401]).toContain(statusCode);
    const parse = (): EmailAddress => parseEmailAddress(address);
    if (statusCode === 400) expect(parse).toThrow(TypeError);
    else expect(parse()).toBe(address.toLowerCase());
  });

  it('SR-43: is not quoted when it is refused', () => {
    expect(() => parseEmailAddress('c4n4ry')).toThrow(/^(?!.*c4n4ry)/);
  });
});
