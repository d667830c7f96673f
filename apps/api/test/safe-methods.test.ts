import type { RouteContract } from '@redoubt/server';
import { BILLING, createCertificateReader, EDGE, from, peers } from '@redoubt/service/testing';
import { createManualClock } from '@redoubt/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UserRow } from '../src/users/user-store.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

// The routes are known only once the service is built, and tests are collected before hooks run.
const readCertificate = createCertificateReader(createManualClock().now());
const service: TestApp = await createTestApp({ readCertificate }, { peers });
await service.app.ready();
const safe = service.app.routeContracts.filter(({ method }) => method === 'GET' || method === 'HEAD');
let admin: UserRow;
let headers: Record<string, string>;

beforeAll(async () => {
  admin = await service.createUser('admin');
  ({ headers } = await service.openSession(admin));
});
afterAll(() => service.close());

/** What services may ask is asked by one, and everything else by an administrator, who comes through the edge. */
const call = ({ method, url }: RouteContract) =>
  service.app.inject({
    method: method as 'GET',
    url: url.replaceAll(/:\w+/g, admin.id),
    headers: url.startsWith('/api/services/') ? from(BILLING) : { ...headers, ...from(EDGE) },
  });

/** Who reads as an administrator is recorded: the audit trail alone may grow. */
const AUDIT_TRAIL = 'security_events';

/** Every row of every other table. */
async function readEverything(): Promise<unknown> {
  const { kysely } = service.dependencies.database;
  await service.dependencies.securityEvents.settled();
  const tables = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name <> ${AUDIT_TRAIL}`.execute(
    kysely,
  );
  const contents = tables.rows.map(async ({ name }) => [
    name,
    (await sql`select * from ${sql.table(name)}`.execute(kysely)).rows,
  ]);
  return Object.fromEntries((await Promise.all(contents)) as [string, unknown[]][]);
}

describe('a method that is safe', () => {
  it('is one of several routes, and all that is stored can be read', async () => {
    expect(safe.length).toBeGreaterThan(5);
    expect(await readEverything()).toMatchObject({ users: [{ id: admin.id }] });
  });

  for (const route of safe) {
    it(`V3.5.3: changes nothing that is stored: ${route.method} ${route.url}`, async () => {
      const before = await readEverything();
      expect((await call(route)).statusCode).toBe(200);
      expect(await readEverything()).toEqual(before);
    });

    it(`SR-36, V4.1.1: answers in the media type that it declares: ${route.method} ${route.url}`, async () => {
      const type = (await call(route)).headers['content-type'];
      expect(String(type)).toMatch(new RegExp(`^${RegExp.escape(route.produces)}(?:; charset=utf-8)?$`));
    });
  }
});
