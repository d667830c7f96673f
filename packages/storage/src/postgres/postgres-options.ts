import type { LiveSecret } from '@redoubt/secrets';
import type { StorageLogger } from '../storage-logger.ts';
import type { PostgresTls } from './postgres-tls.ts';

/** Where the database is and how long anything may take. Each timeout has its named default. */
export interface PostgresOptions {
  /** `postgres://user@host:port/database`. No password, no parameters. */
  readonly url: string;
  /** Role to sign in as, where it changes together with the password; absent: the user of `url`. */
  readonly username?: LiveSecret;
  /** New connections take what holds then; those made with an older one are closed as they become idle (SR-52). */
  readonly password?: LiveSecret;
  /** What the server shows beside each connection, in its log and in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Most connections of this process. The server's own limit is shared by all replicas. */
  readonly poolMax: number;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  readonly idleInTransactionTimeoutMs?: number;
  readonly acquireTimeoutMs?: number;
  /**
   * Absent: no TLS at all. A function gives the material that holds now, and must not throw: it is asked for each new
   * connection, and `MAX_CONNECTION_LIFETIME_SECONDS` later every connection was made with it.
   */
  readonly ssl?: PostgresTls | (() => PostgresTls);
  readonly logger?: StorageLogger;
}
