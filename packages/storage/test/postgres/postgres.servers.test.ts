import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { fixedSecret, Secret } from '@redoubt/secrets';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { asSuperuser, createTestDatabase, type TestDatabase } from '@redoubt/testing/contracts/test-database';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createRoles,
  type Database,
  isUnavailable,
  openPostgres,
  type PostgresDatabase,
  type PostgresOptions,
} from '../../src/index.ts';
import { createRecordedLog } from '../recorded-log.ts';
import { startProxy } from '../tcp-proxy.ts';

const SHORT_MS = 100;

describe('a PostgreSQL server', () => {
  let test: TestDatabase<unknown>;
  const opened: Database<unknown>[] = [];

  beforeAll(async () => {
    test = await createTestDatabase();
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
  });

  afterAll(() => test.drop());

  function open(options: Partial<PostgresOptions> = {}): PostgresDatabase<unknown> {
    const database = openPostgres<unknown>({ ...test.runtimeOptions, ...options });
    opened.push(database);
    return database;
  }

  const backendOf = async (database: Database<unknown>): Promise<number> => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(database.kysely);
    return rows[0]?.pid ?? 0;
  };

  const terminate = (pid: number): Promise<unknown> =>
    asSuperuser('postgres', (admin) => sql`select pg_terminate_backend(${pid})`.execute(admin.kysely));

  it('SR-39: cancels a statement that takes too long', async () => {
    const { kysely } = open({ statementTimeoutMs: SHORT_MS });
    const error: unknown = await sql`select pg_sleep(60)`.execute(kysely).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: '57014' });
    expect(isUnavailable(error)).toBe(true);
  });

  it('SR-39: cancels a wait for a lock that takes too long', async () => {
    const lock = sql`select pg_advisory_xact_lock(1)`;
    const error = await test.runtime.kysely.transaction().execute(async (transaction) => {
      await lock.execute(transaction);
      return lock.execute(open({ lockTimeoutMs: SHORT_MS }).kysely).catch((reason: unknown) => reason);
    });
    expect(error).toMatchObject({ code: '55P03' });
    expect(isUnavailable(error)).toBe(true);
  });

  it('SR-39: ends a transaction that idles too long, and the process lives on', async () => {
    const logger = createRecordedLog();
    const database = open({ idleInTransactionTimeoutMs: SHORT_MS, logger });
    const transaction = database.kysely.transaction().execute(async (held) => {
      await sql`select 1`.execute(held);
      await eventually('the connection was ended', () => logger.entries.length > 0);
      await sql`select 1`.execute(held);
    });
    const error: unknown = await transaction.catch((reason: unknown) => reason);
    expect(isUnavailable(error)).toBe(true);
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it('SR-39: rejects a query that waits too long for a connection, and counts it while it waits', async () => {
    const database = open({ poolMax: 1, acquireTimeoutMs: SHORT_MS });
    await database.kysely.connection().execute(async (held) => {
      await sql`select 1`.execute(held);
      const waiting = sql`select 1`.execute(database.kysely);
      await eventually('the query waits', () => database.statistics().waiting === 1);
      expect(database.statistics()).toStrictEqual({ total: 1, idle: 0, waiting: 1 });
      await expect(waiting).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    });
    expect(database.statistics()).toStrictEqual({ total: 1, idle: 1, waiting: 0 });
  });

  it('replaces an idle connection that the server ended, and the process lives on', async () => {
    const logger = createRecordedLog();
    const database = open({ poolMax: 1, logger });
    await terminate(await backendOf(database));
    await eventually('the pool noticed', () => database.statistics().total === 0);
    await expect(database.ping()).resolves.toBeUndefined();
    expect(logger.entries.length).toBeGreaterThan(0);
  });

  it('SR-30: says that it is unavailable when it ends a connection under a query, and does not reuse it', async () => {
    const database = open();
    const error = await database.kysely.connection().execute(async (held) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(held);
      const [outcome] = await Promise.all([
        sql`select pg_sleep(60)`.execute(held).catch((reason: unknown) => reason),
        terminate(rows[0]?.pid ?? 0),
      ]);
      return outcome;
    });
    expect(isUnavailable(error)).toBe(true);
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it('SR-39: is given up when it falls silent under a query, and found again', async () => {
    const proxy = await startProxy(new URL(test.runtimeOptions.url));
    const url = new URL(test.runtimeOptions.url);
    url.host = `127.0.0.1:${proxy.port}`;
    const database = open({ url: url.href, poolMax: 1, statementTimeoutMs: SHORT_MS, acquireTimeoutMs: 1_000 });
    await database.ping();
    proxy.freeze();
    const error: unknown = await sql`select 1`.execute(database.kysely).catch((reason: unknown) => reason);
    expect(isUnavailable(error)).toBe(true);
    proxy.mend();
    await expect(sql`select 1`.execute(database.kysely)).resolves.toBeDefined();
    await proxy.close();
  });

  it('finishes what is under way before it closes', async () => {
    const database = open();
    await database.ping();
    const query = sql<{ done: string }>`select 'yes' as done from pg_sleep(0.2)`.execute(database.kysely);
    await eventually('the query runs', () => database.statistics().idle === 0);
    await Promise.all([expect(query).resolves.toMatchObject({ rows: [{ done: 'yes' }] }), database.close()]);
    expect(database.statistics().total).toBe(0);
  });

  it('SR-51: refuses a wrong password, which stays out of the error', async () => {
    const password = randomUUID();
    const { kysely } = open({ password: fixedSecret(Secret.of(password)) });
    const error: unknown = await sql`select 1`.execute(kysely).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE', cause: { code: '28P01' } });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(password);
  });

  it('SR-49: does not let the runtime role become the migrator', async () => {
    const become = sql`set role ${sql.id(test.roles.migrator)}`.execute(open().kysely);
    await expect(become).rejects.toMatchObject({ code: '42501' });
  });

  it('SR-49: does not let any other role connect', async () => {
    const stranger = `stranger_${randomUUID().replaceAll('-', '')}`;
    await asSuperuser('postgres', (admin) => sql.raw(`create role ${stranger} login`).execute(admin.kysely));
    const database = new URL(test.runtimeOptions.url).pathname.slice(1);
    const { rows } = await asSuperuser('postgres', (admin) =>
      sql<{ may: boolean }>`select has_database_privilege(${stranger}, ${database}, 'connect') as may`.execute(
        admin.kysely,
      ),
    );
    await asSuperuser('postgres', (admin) => sql.raw(`drop role ${stranger}`).execute(admin.kysely));
    expect(rows).toStrictEqual([{ may: false }]);
  });

  it('SR-49: takes attributes away again from roles that gained them, and keeps their passwords', async () => {
    const name = new URL(test.runtimeOptions.url).pathname.slice(1);
    const runtime = sql.id(test.roles.runtime);
    await asSuperuser(name, async (database) => {
      await sql`alter role ${runtime} createdb createrole bypassrls`.execute(database.kysely);
      await createRoles({ database, roles: test.roles });
    });
    const { rows } = await sql`
      select rolcreatedb or rolcreaterole or rolbypassrls as attributes
      from pg_roles where rolname = current_user`.execute(open().kysely);
    expect(rows).toStrictEqual([{ attributes: false }]);
  });
});
