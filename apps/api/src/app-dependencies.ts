import type { AccessTokenIssuer, AccessTokenVerifier, KeyRing, PasswordHasher, SignInThrottle } from '@redoubt/auth';
import type { Logger, SecurityEventLog } from '@redoubt/logging';
import type { Mailer } from '@redoubt/mail';
import type { DatabaseIdempotencyStore, Metrics, Server } from '@redoubt/server';
import type { Database, SharedStore } from '@redoubt/storage';
import type { Transaction } from 'kysely';

import type { DatabaseSchema } from './database-schema.ts';
import type { Outbox } from './mail/outbox.ts';

/** What the service leans on. Production and tests build the same service from different ones. */
export interface AppDependencies {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly database: Database<DatabaseSchema>;
  readonly idempotency: DatabaseIdempotencyStore<DatabaseSchema>;
  readonly sharedStore: SharedStore;
  readonly keyRing: KeyRing;
  readonly accessTokens: AccessTokenIssuer;
  readonly verifyAccessToken: AccessTokenVerifier;
  readonly passwordHasher: PasswordHasher;
  readonly signInThrottle: SignInThrottle;
  readonly mailer: Mailer;
  readonly outbox: Outbox;
  /** Ends every session of a user whose password was replaced by mail, within the transaction that replaces it. */
  readonly endAllSessions?: (userId: string, transaction: Transaction<DatabaseSchema>) => Promise<void>;
  readonly securityEvents: SecurityEventLog;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Makes the id of a new row: a UUIDv7. */
  readonly createId: () => string;
}

/** What a team decides about the service. */
export interface AppOptions {
  /** Where clients reach the service: the issuer of its tokens, too. */
  readonly publicUrl: string;
  /** Origins of browsers that may call it (SR-24). */
  readonly allowedOrigins: readonly string[];
  /** Hops whose forwarding headers are believed (SR-23). */
  readonly trustedProxies: readonly string[];
  /** Where to report a security hole: a `mailto:` or `https:` address (RFC 9116). */
  readonly securityContact: string;
  /** Whether a new account may sign in at once, or after its address was confirmed. */
  readonly registration: 'immediate' | 'confirmed';
  /** Adds the API reference; given in development only. */
  readonly installDocs?: (app: Server) => Promise<void>;
}
