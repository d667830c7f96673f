import { randomBytes } from 'node:crypto';

import { asSuperuser } from '@redoubt/testing/contracts/test-database';
import { readServers, type TestServer } from '@redoubt/testing/contracts/servers';
import { sql } from 'kysely';

/** A database with the tables of the idempotent write, gone with its server. */
export async function createOrdersDatabase(): Promise<TestServer> {
  const { postgres } = readServers();
  const name = `bench_${randomBytes(8).toString('hex')}`;
  await asSuperuser('postgres', ({ kysely }) => sql`create database ${sql.id(name)}`.execute(kysely));
  await asSuperuser(name, async ({ kysely }) => {
    // As the example service's migrations have it.
    await sql`create table idempotency_keys (
      user_id uuid not null, route text not null, key text not null, fingerprint text not null,
      status smallint, location text, body text, created_at timestamptz not null,
      primary key (user_id, route, key))`.execute(kysely);
    await sql`create index on idempotency_keys (created_at)`.execute(kysely);
    await sql`create table orders (
      id uuid primary key, user_id uuid not null, sku text not null, quantity integer not null)`.execute(kysely);
  });
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  return { ...postgres, url: url.href };
}
