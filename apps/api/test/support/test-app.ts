import { randomUUID } from 'node:crypto';

import { REFRESH_COOKIE, type SessionProfile } from '@redoubt/auth';
import { loadSettings } from '@redoubt/config';
import type { MailMessage } from '@redoubt/mail';
import { createTestService, type ServiceAdapters, testKeyRing, type TestService } from '@redoubt/service/testing';

import type { ApiAdapters, AppDependencies, AppOptions, AppRateLimits } from '../../src/app-dependencies.ts';
import type { DatabaseSchema } from '../../src/database-schema.ts';
import { api } from '../../src/service.ts';
import { serviceSettings } from '../../src/settings.ts';
import { normalizeEmailAddress } from '../../src/users/email-address.ts';
import { type UserRow, UserStore } from '../../src/users/user-store.ts';
import { createMailbox } from './mailbox.ts';

/** A session as its holder has it. */
export interface TestSession {
  readonly id: string;
  /** The headers of a request with the session's access token. */
  readonly headers: Record<string, string>;
  /** The headers of a refresh. */
  readonly refresh: Record<string, string>;
}

/** What a test gives the service in place of what it would open. */
export type AppAdapters = ServiceAdapters<DatabaseSchema> & ApiAdapters;

/** The service under test, with accounts and sessions in it. */
export interface TestApp extends Omit<TestService<AppDependencies>, 'as'> {
  /** The mails that the requests so far have caused, each once. */
  mails(): Promise<readonly MailMessage[]>;
  /** Stores an account that may sign in; without a password unless one is given. */
  createUser(role: UserRow['role'], password?: string): Promise<UserRow>;
  /** The headers of a request in the user's name. */
  as(user: Pick<UserRow, 'id' | 'role'>): Promise<Record<string, string>>;
  /** Begins a session as a sign-in does. */
  openSession(user: UserRow, profile?: SessionProfile): Promise<TestSession>;
}

const settings = loadSettings(serviceSettings, { NODE_ENV: 'development' });

/** The numbers of a service that sets none. */
export const defaultLimits: AppRateLimits = {
  anonymousMax: settings.RATE_LIMIT_ANONYMOUS_MAX,
  signedInMax: settings.RATE_LIMIT_SIGNED_IN_MAX,
  signInMax: settings.RATE_LIMIT_SIGN_IN_MAX,
  refreshMax: settings.RATE_LIMIT_REFRESH_MAX,
};

/** Builds the service for a test. What is not overridden is as in a development start, but for the numbers of its limits. */
export async function createTestApp(
  adapters: Partial<AppAdapters> = {},
  options: Partial<AppOptions> = {},
): Promise<TestApp> {
  const mailbox = createMailbox();
  const service = await createTestService(api, {
    adapters: { keyRing: await testKeyRing(), mailer: mailbox.mailer, ...adapters },
    options,
  });
  return { ...service, ...withAccounts(service, mailbox) };
}

/** What a service with accounts can do beside what every service under test can. */
function withAccounts(
  { dependencies, clock, as }: TestService<AppDependencies>,
  mailbox: ReturnType<typeof createMailbox>,
): Pick<TestApp, 'as' | 'mails' | 'createUser' | 'openSession'> {
  const users = new UserStore(dependencies.database.kysely);
  return {
    as,
    async mails() {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      await dependencies.outbox.settled();
      return mailbox.take();
    },
    async createUser(role, password) {
      const createdAt = new Date(clock.now());
      const hash = password === undefined ? {} : { passwordHash: await dependencies.passwordHasher.rehash(password) };
      const email = normalizeEmailAddress(`${role}-${randomUUID()}@mail.example`);
      const row = await users.insert({
        id: dependencies.createId(),
        email,
        role,
        createdAt,
        confirmedAt: createdAt,
        ...hash,
      });
      if (row === undefined) throw new Error('the address is taken');
      return row;
    },
    async openSession({ id: userId }, profile = 'standard') {
      const signIn = { userId, profile, method: 'pwd', clientAddress: '127.0.0.1', userAgent: undefined };
      const open = await dependencies.sessions.begin(signIn, () => true);
      if (open === undefined) throw new Error('the account may not sign in');
      const { token } = await dependencies.accessTokens.issue({
        userId,
        role: open.account.role,
        sessionId: open.session.access_id,
        authenticatedAt: Math.floor(clock.now() / 1000),
      });
      return {
        id: open.session.id,
        headers: { authorization: `Bearer ${token}` },
        refresh: { cookie: `${REFRESH_COOKIE}=${open.refreshToken}`, 'x-requested-with': 'test' },
      };
    },
  };
}
