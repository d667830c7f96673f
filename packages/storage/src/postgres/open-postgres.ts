import { Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';
import type { Database } from '../database/database.ts';
import { ping } from '../database/ping.ts';
import { createPool } from './create-pool.ts';
import type { CredentialedClient } from './credentialed-client.ts';
import { toKyselyPool } from './kysely-pool.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { RotatingPool } from './rotating-pool.ts';

/** Connections of a pool, for metrics. */
export interface PoolStatistics {
  readonly total: number;
  readonly idle: number;
  /** Queries that wait for a connection. */
  readonly waiting: number;
}

/** A PostgreSQL server. */
export interface PostgresDatabase<Schema> extends Database<Schema> {
  statistics(): PoolStatistics;
}

/**
 * Opens a pool of connections to a PostgreSQL server. It connects with the first query.
 *
 * Whatever the server, the network or the pool does, a query ends: within the time to acquire a connection, the
 * statement timeout and a second (SR-39).
 *
 * @throws {TypeError} when the address holds a password or parameters, or does not parse.
 * @throws {RangeError} when a limit is not a whole number of 1 or more.
 */
export function openPostgres<Schema>(options: PostgresOptions): PostgresDatabase<Schema> {
  const pool = createPool(options);
  const kysely = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: toKyselyPool(pool, new RotatingPool(pool, options)) }),
  });
  return {
    kysely,
    ping: () => ping(kysely),
    close: () => kysely.destroy(),
    statistics: () => statisticsOf(pool),
  };
}

function statisticsOf(pool: Pool<CredentialedClient>): PoolStatistics {
  return { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount };
}
