import type { AccessTokenVerifier, CertificateReader, Revocations, SignatureVerifier } from '@redoubt/auth';
import type { EventLimiter, Logger, SecurityEventLog } from '@redoubt/logging';
import type {
  AlertWebhook,
  DatabaseIdempotencyStore,
  Detections,
  Metrics,
  OverloadLimits,
  RequestTracer,
  Server,
  TlsMaterial,
} from '@redoubt/server';
import type { Database, SharedStore } from '@redoubt/storage';

import type { ServiceSchema } from './database/service-database.ts';
import type { AuditHead } from './security-events/audit-chain.ts';

/** The traces of a service, with an end: what waits is delivered. */
export interface ServiceTracing extends RequestTracer {
  close(): Promise<void>;
}

/** What every service leans on. Production and tests build the same service from different ones. */
export interface ServiceDependencies<Schema extends ServiceSchema = ServiceSchema> {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Makes spans and brings them away; absent: none are made. */
  readonly tracing?: ServiceTracing;
  readonly database: Database<Schema>;
  readonly idempotency: DatabaseIdempotencyStore<Schema>;
  readonly sharedStore: SharedStore;
  readonly verifyAccessToken: AccessTokenVerifier;
  readonly revocations: Revocations;
  readonly securityEvents: SecurityEventLog;
  /** Where the audit table stood when this replica last wrote to it. */
  readonly auditHead: () => AuditHead | undefined;
  /** Counts events and 404s, and raises alerts (SR-46). */
  readonly detections: Detections;
  /** Hands alerts to whoever is on duty; absent: nobody asked for them. */
  readonly alertWebhook?: AlertWebhook;
  /** Asked before an event that anybody can cause at will. */
  readonly eventLimiter: EventLimiter;
  /** Proves the requests of services that sign them (SR-42); absent: none does. */
  readonly signatures?: SignatureVerifier;
  /** Reads the certificate of a connection; absent: from its socket. */
  readonly readCertificate?: CertificateReader;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Makes the id of a new row: a UUIDv7. */
  readonly createId: () => string;
}

/** The limits that a team sets (SR-22): anonymous in 15 minutes, signed in within one. */
export interface ServiceRateLimits {
  readonly anonymousMax: number;
  readonly signedInMax: number;
}

/** What a team decides about any service. */
export interface ServiceOptions {
  /** Where clients reach the service: the issuer of its tokens, too. */
  readonly publicUrl: string;
  /** Origins of browsers that may call it (SR-24). */
  readonly allowedOrigins: readonly string[];
  /** Names under which clients reach it, in lower case and without a port; any other `Host` is refused. */
  readonly allowedHosts: readonly string[];
  /** Hops whose forwarding headers are believed (SR-23). */
  readonly trustedProxies: readonly string[];
  /** How often an address or a user may ask (SR-22). */
  readonly rateLimits: ServiceRateLimits;
  /** When requests are shed (SR-40); absent: as the server says. */
  readonly overload?: OverloadLimits;
  /** Where to report a security hole: a `mailto:` or `https:` address (RFC 9116). */
  readonly securityContact: string;
  /** Who may connect, by the name in their client certificate (SR-28); absent: nobody is asked for one. */
  readonly peers?: { readonly services: readonly string[]; readonly edges: readonly string[] };
  /** Makes the listener speak TLS; it needs `peers`. Absent: plain HTTP. */
  readonly tls?: TlsMaterial;
  /** Adds the API reference; given in development only. */
  readonly installDocs?: (app: Server) => Promise<void>;
}
