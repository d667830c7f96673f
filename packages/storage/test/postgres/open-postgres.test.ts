import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { fixedSecret, Secret } from '@redoubt/secrets';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { isUnavailable, openPostgres, type PostgresOptions } from '../../src/index.ts';
import { createPool } from '../../src/postgres/create-pool.ts';
import type { CredentialedClient } from '../../src/postgres/credentialed-client.ts';
import { findClosedPort, startPeer } from '../test-peer.ts';

const options = { url: 'postgres://user@127.0.0.1:5/db', applicationName: 'test', poolMax: 1 };

/** A connection as the pool makes it, before it connects. */
function connectionOf(options: PostgresOptions): CredentialedClient {
  const pool = createPool(options);
  return new pool.Client(pool.options);
}

describe('a pool of PostgreSQL connections', () => {
  it('SR-39: has limits for statements, locks, idle transactions, connections and lives', () => {
    expect(createPool(options).options).toMatchObject({
      statement_timeout: 5_000,
      lock_timeout: 2_000,
      idle_in_transaction_session_timeout: 10_000,
      query_timeout: 6_000,
      connectionTimeoutMillis: 2_000,
      idleTimeoutMillis: 30_000,
      maxLifetimeSeconds: 1_800,
    });
  });

  for (const limit of [
    'poolMax',
    'statementTimeoutMs',
    'lockTimeoutMs',
    'idleInTransactionTimeoutMs',
    'acquireTimeoutMs',
  ]) {
    for (const value of [0, -1, 0.5, Infinity, Number.NaN]) {
      it(`SR-39: cannot be opened with ${value} as ${limit}`, () => {
        expect(() => openPostgres({ ...options, [limit]: value })).toThrow(RangeError);
      });
    }
  }

  it('SR-28: verifies the certificate for the host it asked for', () => {
    expect(connectionOf({ ...options, ssl: { ca: 'authority' } }).ssl).toStrictEqual({
      ca: 'authority',
      host: '127.0.0.1',
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
    });
  });

  it('SR-51: does not print its password', () => {
    const password = randomBytes(16).toString('hex');
    const secret = Secret.of(password);
    const pool = createPool({ ...options, password: fixedSecret(secret), ssl: { privateKey: secret } });
    const connection = new pool.Client(pool.options);
    for (const printed of [pool, connection]) expect(inspect(printed, { depth: 10 })).not.toContain(password);
    expect(JSON.stringify([pool.options, connection.credentials])).not.toContain(password);
  });

  it('SR-30: says that a server is unavailable when nobody listens', async () => {
    const database = openPostgres({ ...options, url: `postgres://user@127.0.0.1:${await findClosedPort()}/db` });
    const error: unknown = await sql`select 1`.execute(database.kysely).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE', cause: { code: 'ECONNREFUSED' } });
    expect(isUnavailable(error)).toBe(true);
    await expect(database.ping()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await database.close();
  });

  it('SR-39: gives up a server that takes the connection and says nothing', async () => {
    const peer = await startPeer();
    const url = `postgres://user@127.0.0.1:${peer.port}/db`;
    const database = openPostgres({ ...options, url, acquireTimeoutMs: 50 });
    await expect(sql`select 1`.execute(database.kysely)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await database.close();
    await peer.close();
  });

  it('counts its connections, and closes without ever having connected', async () => {
    const database = openPostgres(options);
    expect(database.statistics()).toStrictEqual({ total: 0, idle: 0, waiting: 0 });
    await database.close();
  });
});
