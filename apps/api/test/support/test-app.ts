import { randomUUID } from 'node:crypto';

import {
  createKeyRing,
  generateSigningKeyPem,
  importSigningKey,
  type KeyRing,
  REFRESH_COOKIE,
  type SessionProfile,
} from '@redoubt/auth';
import { loadSettings } from '@redoubt/config';
import { createLogger } from '@redoubt/logging';
import type { MailMessage } from '@redoubt/mail';
import { createMetrics, type Server } from '@redoubt/server';
import { createMemoryStore } from '@redoubt/storage';
import { createLogCapture, createManualClock, type LogCapture, type ManualClock } from '@redoubt/testing';
import type { InjectOptions, LightMyRequestResponse as InjectResponse } from 'fastify';

import type { AppDependencies, AppOptions, AppRateLimits } from '../../src/app-dependencies.ts';
import { buildApp } from '../../src/build-app.ts';
import { openEmbeddedDatabase } from '../../src/development/development-adapters.ts';
import { createDependencies, type ServiceAdapters } from '../../src/service.ts';
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

/** The service under test, built as production builds it, on the embedded twins and a clock that stands still. */
export interface TestApp {
  readonly app: Server;
  readonly dependencies: AppDependencies;
  readonly clock: ManualClock;
  readonly log: LogCapture;
  /** The mails that the requests so far have caused, each once. */
  mails(): Promise<readonly MailMessage[]>;
  /** Stores an account that may sign in; without a password unless one is given. */
  createUser(role: UserRow['role'], password?: string): Promise<UserRow>;
  /** The headers of a request in the user's name. */
  as(user: UserRow): Promise<Record<string, string>>;
  /** Begins a session as a sign-in does. */
  openSession(user: UserRow, profile?: SessionProfile): Promise<TestSession>;
  /** Sends a JSON body. */
  post(url: string, body: object, headers?: Record<string, string>): Promise<InjectResponse>;
  close(): Promise<void>;
}

const settings = loadSettings(serviceSettings, { NODE_ENV: 'development' });

/** The numbers of a service that sets none. */
export const defaultLimits: AppRateLimits = {
  anonymousMax: settings.RATE_LIMIT_ANONYMOUS_MAX,
  signedInMax: settings.RATE_LIMIT_SIGNED_IN_MAX,
  signInMax: settings.RATE_LIMIT_SIGN_IN_MAX,
  refreshMax: settings.RATE_LIMIT_REFRESH_MAX,
};

/** Most tests ask more often, from one address, than an honest client: the limits stand, and are far away. */
const raisedLimits: AppRateLimits = {
  anonymousMax: 100_000,
  signedInMax: 100_000,
  signInMax: 100_000,
  refreshMax: 100_000,
};

/** One key for all tests of a file: making one takes longer than most tests. */
let keyRing: Promise<KeyRing> | undefined;

async function createTestKeyRing(): Promise<KeyRing> {
  return createKeyRing({ keys: [await importSigningKey(await generateSigningKeyPem())] });
}

/** Builds the service for a test. What is not overridden is as in a development start, but for the numbers of its limits. */
export async function createTestApp(
  adapters: Partial<ServiceAdapters> = {},
  options: Partial<AppOptions> = {},
): Promise<TestApp> {
  const clock = createManualClock();
  const log = createLogCapture();
  const mailbox = createMailbox();
  keyRing ??= createTestKeyRing();
  const dependencies = createDependencies(settings, {
    logger: createLogger({ service: 'test', level: 'debug', destination: log.destination }),
    metrics: createMetrics(),
    database: adapters.database ?? (await openEmbeddedDatabase()),
    sharedStore: createMemoryStore({ now: clock.now }),
    keyRing: await keyRing,
    mailer: mailbox.mailer,
    now: clock.now,
    ...adapters,
  });
  const app = await buildApp(dependencies, {
    publicUrl: settings.PUBLIC_URL,
    allowedOrigins: ['https://app.example'],
    allowedHosts: ['localhost', '127.0.0.1'],
    trustedProxies: [],
    rateLimits: raisedLimits,
    // An embedded database that opens in the same process keeps the loop busy for longer than a sample of a second.
    overload: { sampleIntervalMs: 60_000 },
    securityContact: settings.SECURITY_CONTACT,
    registration: 'immediate',
    localPasswords: 'on',
    ...options,
  });
  const users = new UserStore(dependencies.database.kysely);
  return {
    app,
    dependencies,
    clock,
    log,
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
    async as({ id, role }) {
      const authenticatedAt = Math.floor(clock.now() / 1000);
      const { token } = await dependencies.accessTokens.issue({ userId: id, role, authenticatedAt });
      return { authorization: `Bearer ${token}` };
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
    post: (url, body, headers = {}) =>
      app.inject({
        url,
        method: 'POST',
        payload: body,
        headers: { 'content-type': 'application/json', ...headers },
      } satisfies InjectOptions),
    async close() {
      await app.close();
      await dependencies.outbox.settled();
      await dependencies.securityEvents.settled();
      await dependencies.revocations.close();
      if (adapters.sharedStore === undefined) await dependencies.sharedStore.close();
      if (adapters.database === undefined) await dependencies.database.close();
    },
  };
}
