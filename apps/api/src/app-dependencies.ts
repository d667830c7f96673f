import type { AccessTokenIssuer, KeyRing, PasswordHasher, Sessions, SignInThrottle } from '@redoubt/auth';
import type { Mailer } from '@redoubt/mail';
import type { ServiceDependencies, ServiceOptions, ServiceRateLimits } from '@redoubt/service';

import type { DatabaseSchema } from './database-schema.ts';
import type { Outbox } from './mail/outbox.ts';
import type { SessionAccount } from './users/user-store.ts';

/** What only this service leans on, and opens. */
export interface ApiAdapters {
  readonly keyRing: KeyRing;
  readonly mailer: Mailer;
  /** Default: one that hashes in threads of its own. */
  readonly passwordHasher?: PasswordHasher;
}

/** What its routes have beside what every service has. */
export interface ApiDependencies extends Required<ApiAdapters> {
  readonly accessTokens: AccessTokenIssuer;
  readonly sessions: Sessions<DatabaseSchema, SessionAccount>;
  readonly signInThrottle: SignInThrottle;
  readonly outbox: Outbox;
}

/** What the service leans on. Production and tests build the same service from different ones. */
export type AppDependencies = ServiceDependencies<DatabaseSchema> & ApiDependencies;

/** The limits that a team sets (SR-22): those of every service, and sign-in and its like in three minutes. */
export interface AppRateLimits extends ServiceRateLimits {
  readonly signInMax: number;
  /** Refreshes of one address in a minute. */
  readonly refreshMax: number;
}

/** What a team decides about this service alone. */
export interface ApiOptions {
  /** How often an address or a user may ask (SR-22). */
  readonly rateLimits: AppRateLimits;
  /** Whether a new account may sign in at once, or after its address was confirmed. */
  readonly registration: 'immediate' | 'confirmed';
  /** Whether accounts sign in with passwords here; when `off`, the routes for it do not exist (SR-15). */
  readonly localPasswords: 'on' | 'off';
}

/** What a team decides about the service. */
export type AppOptions = ServiceOptions & ApiOptions;
