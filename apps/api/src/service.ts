import {
  createAccessTokenIssuer,
  createPasswordHasher,
  createSignInThrottle,
  importSigningKeySchedule,
  Sessions,
} from '@redoubt/auth';
import { hostCookie, sampleDomain, templateName } from '@redoubt/config';
import { defineService, demand, type OpenContext, type ServiceDependencies } from '@redoubt/service';

import { roles } from './access.ts';
import type { ApiAdapters, ApiDependencies, ApiOptions } from './app-dependencies.ts';
import { database, type DatabaseSchema } from './database-schema.ts';
import { openMailer } from './mail/open-mailer.ts';
import { Outbox } from './mail/outbox.ts';
import { modules } from './modules.ts';
import { retentionRules } from './retention-rules.ts';
import { type Settings, serviceSettings } from './settings.ts';
import { openSigningKeys } from './signing-keys/follow-signing-keys.ts';
import { lockSessionAccount } from './users/user-store.ts';

/** The service: users and how they sign in, over what every service has. */
export const api = defineService({
  database,
  description: 'The example service.',
  settings: serviceSettings,
  roles,
  secrets: {
    SIGNING_KEY: { ages: 'signing-key', kind: 'private key', parse: importSigningKeySchedule },
    // Another provider's server decides how long it may be.
    MAIL_PASSWORD: { ages: 'password', kind: 'foreign password' },
  },
  selfCheck: [hostCookie, templateName('TOKEN_AUDIENCE', [database.service]), sampleDomain('MAIL_FROM')],
  open: async (context: OpenContext<Settings>): Promise<ApiAdapters> => ({
    mailer: openMailer(context),
    keyRing: await openSigningKeys(demand(context.secrets['SIGNING_KEY']), context.logger),
  }),
  ownTokens: ({ TOKEN_AUDIENCE }, { keyRing }) => ({ keyRing, audience: TOKEN_AUDIENCE }),
  createDependencies,
  options: (settings): ApiOptions => ({
    rateLimits: {
      anonymousMax: settings.RATE_LIMIT_ANONYMOUS_MAX,
      signedInMax: settings.RATE_LIMIT_SIGNED_IN_MAX,
      signInMax: settings.RATE_LIMIT_SIGN_IN_MAX,
      refreshMax: settings.RATE_LIMIT_REFRESH_MAX,
    },
    registration: settings.NODE_ENV === 'development' ? 'immediate' : 'confirmed',
    localPasswords: settings.LOCAL_PASSWORDS,
  }),
  modules,
  retention: retentionRules,
  closables: ({ outbox, mailer }) => [
    { name: 'mails', close: () => outbox.settled() },
    { name: 'mail server', close: () => mailer.close() },
  ],
});

/** What the routes need of what was opened. */
function createDependencies({
  settings,
  adapters,
  common,
}: {
  readonly settings: Settings;
  readonly adapters: ApiAdapters;
  readonly common: ServiceDependencies<DatabaseSchema>;
}): ApiDependencies {
  const { now, createId, sharedStore, revocations, logger, metrics } = common;
  return {
    passwordHasher: createPasswordHasher(),
    ...adapters,
    signInThrottle: createSignInThrottle({
      store: sharedStore,
      now,
      maxAddressFailures: settings.SIGN_IN_ADDRESS_FAILURES_MAX,
    }),
    outbox: new Outbox(logger, metrics.countLostMail),
    accessTokens: createAccessTokenIssuer({
      keyRing: adapters.keyRing,
      issuer: settings.PUBLIC_URL,
      audience: settings.TOKEN_AUDIENCE,
      now,
      createId,
    }),
    sessions: new Sessions({
      database: common.database.kysely,
      revocations,
      lockAccount: lockSessionAccount,
      now,
      createId,
    }),
  };
}
