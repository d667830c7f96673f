import type { PostgresPool } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { DatabaseUnavailableError } from '../database/database-unavailable-error.ts';

/** The pool as Kysely takes it, with one error for every way not to get a connection. */
export function toKyselyPool(pool: Pool): PostgresPool {
  return {
    Client: pool.Client as unknown as NonNullable<PostgresPool['Client']>,
    options: pool.options,
    connect: async () => (await acquire(pool)) as unknown as Awaited<ReturnType<PostgresPool['connect']>>,
    end: () => pool.end(),
  };
}

async function acquire(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw new DatabaseUnavailableError('no connection', { cause: error });
  }
}
