import { Pool, type PoolConfig, types } from 'pg';
import { TEXT_TYPES } from '../database/column-types.ts';
import { codeOf } from '../database/error-code.ts';
import {
  ACQUIRE_TIMEOUT_MS,
  IDLE_CONNECTION_TIMEOUT_MS,
  IDLE_IN_TRANSACTION_TIMEOUT_MS,
  LOCK_TIMEOUT_MS,
  MAX_CONNECTION_LIFETIME_SECONDS,
  SILENT_SERVER_GRACE_MS,
  STATEMENT_TIMEOUT_MS,
} from '../database/timeouts.ts';
import { parseConnectionAddress } from './connection-address.ts';
import { createClientClass, type CredentialedClient } from './credentialed-client.ts';
import type { PostgresOptions } from './postgres-options.ts';

/** Quiet time before the kernel asks whether an idle connection's server is still there: milliseconds. */
const KEEP_ALIVE_MS = 10_000;

/** Session settings that make a connection independent of the server's locale. */
const SESSION_OPTIONS = '-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601';

/** Creates the pool; a lost connection is logged and replaced, and never ends the process. */
export function createPool(options: PostgresOptions): Pool<CredentialedClient> {
  const pool = new Pool(toPoolConfig(options));
  const report = (error: Error): void =>
    options.logger?.warn({ code: codeOf(error), reason: error.message }, 'database connection lost');
  pool.on('error', report);
  // The pool stops listening while a connection is in use: then its loss would be an uncaught exception.
  pool.on('connect', (client) => client.on('error', report));
  return pool;
}

function toPoolConfig(options: PostgresOptions): PoolConfig<CredentialedClient> {
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS, acquireTimeoutMs = ACQUIRE_TIMEOUT_MS } = options;
  const { lockTimeoutMs = LOCK_TIMEOUT_MS, idleInTransactionTimeoutMs = IDLE_IN_TRANSACTION_TIMEOUT_MS } = options;
  const limits = { statementTimeoutMs, acquireTimeoutMs, lockTimeoutMs, idleInTransactionTimeoutMs };
  assertLimits({ ...limits, poolMax: options.poolMax });
  const address = parseConnectionAddress(options.url);
  return {
    // Credentials and TLS material are each connection's own: the pool holds none.
    Client: createClientClass(options, address),
    host: address.host,
    port: address.port,
    database: address.database,
    // Each of these is set, also where the default would do: pg fills gaps from PG* environment variables.
    sslnegotiation: 'postgres',
    application_name: options.applicationName,
    client_encoding: 'UTF8',
    options: SESSION_OPTIONS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    query_timeout: statementTimeoutMs + SILENT_SERVER_GRACE_MS,
    max: options.poolMax,
    connectionTimeoutMillis: acquireTimeoutMs,
    idleTimeoutMillis: IDLE_CONNECTION_TIMEOUT_MS,
    maxLifetimeSeconds: MAX_CONNECTION_LIFETIME_SECONDS,
    types: { getTypeParser },
  };
}

/** Zero means "no limit" to the server, and is refused with the rest. */
function assertLimits(limits: Readonly<Record<string, number>>): void {
  for (const [name, limit] of Object.entries(limits)) {
    if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`${name} must be a whole number of 1 or more`);
  }
}

function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  return TEXT_TYPES.includes(oid) ? asText : types.getTypeParser(oid, format);
}

function asText(value: string): string {
  return value;
}
