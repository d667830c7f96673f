import { randomUUID } from 'node:crypto';

import { createAccessTokenIssuer } from '@redoubt/auth';
import { loadSettings } from '@redoubt/config';
import { createLogger } from '@redoubt/logging';
import { createMetrics, type Server } from '@redoubt/server';
import { createMemoryStore } from '@redoubt/storage';
import { createLogCapture, createManualClock, type LogCapture, type ManualClock } from '@redoubt/testing';
import type { LightMyRequestResponse as InjectResponse } from 'fastify';

import { buildApp } from '../src/build-app.ts';
import { createDependencies, type ServiceAdapters } from '../src/create-dependencies.ts';
import type { ServiceSchema } from '../src/database/service-database.ts';
import type { DefinedService } from '../src/define-service.ts';
import { openEmbeddedDatabase } from '../src/development/development-adapters.ts';
import type { ServiceDependencies, ServiceOptions } from '../src/service-dependencies.ts';
import { serviceOptions } from '../src/service-options.ts';
import type { ServiceSettings } from '../src/settings/service-settings.ts';
import { createTestTokens } from './test-tokens.ts';

/** Somebody who is signed in. */
export interface TestUser {
  readonly id: string;
  readonly role: string;
}

/** A service under test, built as production builds it, on the embedded twins and a clock that stands still. */
export interface TestService<Dependencies = ServiceDependencies> {
  readonly app: Server;
  readonly dependencies: Dependencies;
  readonly clock: ManualClock;
  readonly log: LogCapture;
  /** The headers of a request in the name of a user who has just signed in; of a new one, when only a role is given. */
  as(user: TestUser | string): Promise<Record<string, string>>;
  /** Sends a JSON body. */
  post(url: string, body: object, headers?: Record<string, string>): Promise<InjectResponse>;
  close(): Promise<void>;
}

/** What a test gives in place of what it would be. */
export interface TestServiceOptions<Schema extends ServiceSchema, Adapters, Options> {
  readonly adapters?: Partial<ServiceAdapters<Schema>> & Partial<Adapters>;
  readonly options?: Partial<Options>;
}

/** Most tests ask more often, from one address, than an honest client: the limits stand, and are far away. */
const RAISED_MAX = 100_000;

/**
 * Builds a service for a test. What is not given is as in a development start, but for the numbers of its limits. The tokens
 * of the test pass as its own, or as those of the peer that it trusts.
 */
export async function createTestService<
  Settings extends ServiceSettings,
  Schema extends ServiceSchema,
  Adapters extends object,
  Own extends object,
  Options extends object,
>(
  { service }: DefinedService<Settings, Schema, Adapters, Own, Options>,
  { adapters = {}, options = {} }: TestServiceOptions<Schema, Adapters, ServiceOptions & Options> = {},
): Promise<TestService<ServiceDependencies<Schema> & Own>> {
  const settings = loadSettings(service.settings, { NODE_ENV: 'development' });
  const clock = createManualClock();
  const log = createLogCapture();
  // To what all services have in common, its tables are theirs and some more.
  const given = adapters as unknown as Partial<ServiceAdapters>;
  const { taken, ...signing } = await createTestTokens(service, settings, given);
  const dependencies = createDependencies(service, settings, {
    logger: createLogger({ service: 'test', level: 'debug', destination: log.destination }),
    metrics: createMetrics(),
    sharedStore: createMemoryStore({ now: clock.now }),
    now: clock.now,
    ...taken,
    ...given,
    database: given.database ?? (await openEmbeddedDatabase(service.database)),
  });
  const base = serviceOptions(service, settings);
  const app = await buildApp(service, dependencies, {
    ...base,
    allowedOrigins: ['https://app.example'],
    allowedHosts: ['localhost', '127.0.0.1'],
    rateLimits: raised(base.rateLimits),
    // An embedded database that opens in the same process keeps the loop busy for longer than a sample of a second; an hour is longer than any file of tests.
    overload: { sampleIntervalMs: 3_600_000 },
    ...options,
  });
  const { createId, now } = dependencies;
  const tokens = createAccessTokenIssuer({ ...signing, now, createId });
  return {
    app,
    // What the definition says that it has beside the common ones, `createDependencies` has put there.
    dependencies: dependencies as unknown as ServiceDependencies<Schema> & Own,
    clock,
    log,
    async as(user) {
      const { id: userId, role } = typeof user === 'string' ? { id: randomUUID(), role: user } : user;
      const authenticatedAt = Math.floor(clock.now() / 1000);
      const { token } = await tokens.issue({ userId, role, authenticatedAt });
      return { authorization: `Bearer ${token}` };
    },
    post: (url, body, headers = {}) =>
      app.inject({
        url,
        method: 'POST',
        payload: body,
        headers: { 'content-type': 'application/json', ...headers },
      }),
    async close() {
      await app.close();
      for (const { close } of service.closables?.(dependencies) ?? []) await close();
      await dependencies.securityEvents.settled();
      await dependencies.revocations.close();
      if (given.sharedStore === undefined) await dependencies.sharedStore.close();
      if (given.database === undefined) await dependencies.database.close();
    },
  };
}

/** Each of the numbers, whichever a service has. */
function raised<Limits extends object>(limits: Limits): Limits {
  return Object.fromEntries(Object.keys(limits).map((name) => [name, RAISED_MAX])) as Limits;
}
