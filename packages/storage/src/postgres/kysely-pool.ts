import type { PostgresPool } from 'kysely';
import type { Pool } from 'pg';
import type { CredentialedClient } from './credentialed-client.ts';
import type { RotatingPool } from './rotating-pool.ts';

/** The pool as Kysely takes it. */
export function toKyselyPool(pool: Pool<CredentialedClient>, rotating: RotatingPool): PostgresPool {
  return {
    Client: pool.Client as unknown as NonNullable<PostgresPool['Client']>,
    options: pool.options,
    connect: async () => (await rotating.connect()) as unknown as Awaited<ReturnType<PostgresPool['connect']>>,
    end: () => rotating.end(),
  };
}
