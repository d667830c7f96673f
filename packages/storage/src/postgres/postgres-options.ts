import type { Secret } from '@redoubt/secrets';
import type { StorageLogger } from '../storage-logger.ts';
import type { PostgresTls } from './postgres-tls.ts';

/** Where the database is and how long anything may take. Each timeout has its named default. */
export interface PostgresOptions {
  /** `postgres://user@host:port/database`. No password, no parameters. */
  readonly url: string;
  readonly password?: Secret;
  /** What the server shows beside each connection, in its log and in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Most connections of this process. The server's own limit is shared by all replicas. */
  readonly poolMax: number;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  readonly idleInTransactionTimeoutMs?: number;
  readonly acquireTimeoutMs?: number;
  /** Absent: no TLS at all. */
  readonly ssl?: PostgresTls;
  readonly logger?: StorageLogger;
}
