import { randomBytes } from 'node:crypto';
import { fixedSecret, Secret } from '@redoubt/secrets';
import { createLiveSecret, type TestLiveSecret } from '@redoubt/testing';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { asSuperuser, createTestDatabase, type TestDatabase } from '@redoubt/testing/contracts/test-database';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPostgres, type PostgresDatabase, type PostgresOptions } from '../../src/index.ts';
import { type SteadyLoad, startLoad } from '../steady-load.ts';

const POOL_MAX = 10;
const WORKERS = 20;

/** Answers that show that work goes on: several of each worker. */
const SOME_ANSWERS = 200;

const randomPassword = (): Secret => Secret.of(randomBytes(24).toString('base64url'));

describe('a pool whose credentials change', () => {
  let test: TestDatabase<unknown>;
  let databaseName: string;
  let password: TestLiveSecret;
  const opened: PostgresDatabase<unknown>[] = [];
  const loads: SteadyLoad[] = [];

  beforeAll(async () => {
    test = await createTestDatabase();
    databaseName = new URL(test.runtimeOptions.url).pathname.slice(1);
  });

  beforeEach(async () => {
    password = createLiveSecret(randomPassword());
    await setPassword(test.roles.runtime, password.current());
  });

  afterEach(async () => {
    await Promise.all(loads.splice(0).map((load) => load.stop()));
    await Promise.all(opened.splice(0).map((database) => database.close()));
  });

  afterAll(() => test.drop());

  const asAdmin = <T>(run: (admin: PostgresDatabase<unknown>) => Promise<T>): Promise<T> =>
    asSuperuser('postgres', run);

  const setPassword = (role: string, value: Secret): Promise<unknown> =>
    asAdmin((admin) => sql`alter role ${sql.id(role)} password ${sql.lit(value.expose())}`.execute(admin.kysely));

  function open(options: Partial<PostgresOptions> = {}): PostgresDatabase<unknown> {
    const database = openPostgres<unknown>({ ...test.runtimeOptions, password, poolMax: POOL_MAX, ...options });
    opened.push(database);
    return database;
  }

  function load(database: PostgresDatabase<unknown>, workers: number): SteadyLoad {
    const started = startLoad(workers, () => sql`select pg_sleep(0.001)`.execute(database.kysely));
    loads.push(started);
    return started;
  }

  /** The server's processes that serve a role in this database. */
  const backendsOf = (role: string): Promise<number[]> =>
    asAdmin(async (admin) => {
      const { rows } = await sql<{ pid: number }>`
        select pid from pg_stat_activity where datname = ${databaseName} and usename = ${role}`.execute(admin.kysely);
      return rows.map(({ pid }) => pid);
    });

  const areGone = async (role: string, pids: readonly number[]): Promise<boolean> => {
    const left = new Set(await backendsOf(role));
    return pids.every((pid) => !left.has(pid));
  };

  /** A role of a rotation: it may sign in, and do what the runtime role may. */
  async function createLogin(value: Secret): Promise<string> {
    const name = `${test.roles.runtime}_${randomBytes(4).toString('hex')}`;
    await asAdmin(async ({ kysely }) => {
      await sql`create role ${sql.id(name)} login in role ${sql.id(test.roles.runtime)}`.execute(kysely);
    });
    await setPassword(name, value);
    return name;
  }

  const dropLogin = (name: string): Promise<unknown> =>
    asAdmin((admin) => sql`drop role ${sql.id(name)}`.execute(admin.kysely));

  it("SR-52: takes a role's new password under load, and drains connections of the old one, within its maximum", async () => {
    // The server refuses one connection more than the pool's maximum: a pool that exceeds it fails queries here.
    const limitTo = (limit: number): Promise<unknown> =>
      asAdmin(({ kysely }) =>
        sql`alter role ${sql.id(test.roles.runtime)} connection limit ${sql.lit(limit)}`.execute(kysely),
      );
    await limitTo(POOL_MAX);
    const work = load(open(), WORKERS);
    await work.goOn(SOME_ANSWERS);
    const before = await backendsOf(test.roles.runtime);
    const next = randomPassword();
    await setPassword(test.roles.runtime, next);
    password.change(next);
    await work.goOn(SOME_ANSWERS);
    await eventually('the old connections are gone', () => areGone(test.roles.runtime, before));
    await work.stop();
    await limitTo(-1);
    expect(before).toHaveLength(POOL_MAX);
    expect(work.failures).toStrictEqual([]);
    expect(password.refusals).toStrictEqual([]);
  });

  it('SR-52: closes idle connections of an old password at once', async () => {
    const database = open();
    await Promise.all(Array.from({ length: POOL_MAX }, () => sql`select pg_sleep(0.05)`.execute(database.kysely)));
    expect(database.statistics()).toStrictEqual({ total: POOL_MAX, idle: POOL_MAX, waiting: 0 });
    const before = await backendsOf(test.roles.runtime);
    const next = randomPassword();
    await setPassword(test.roles.runtime, next);
    password.change(next);
    await eventually('the old connections are gone', () => areGone(test.roles.runtime, before));
    await eventually('their places are free', () => database.statistics().total === 0);
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it('SR-52: lets a transaction finish on its old connection, and closes that afterwards', async () => {
    const database = open({ poolMax: 1 });
    const pid = await database.kysely.transaction().execute(async (transaction) => {
      const ask = sql<{ pid: number }>`select pg_backend_pid() as pid`;
      const { rows: before } = await ask.execute(transaction);
      const next = randomPassword();
      await setPassword(test.roles.runtime, next);
      password.change(next);
      const { rows: after } = await ask.execute(transaction);
      expect(after).toStrictEqual(before);
      return before[0]?.pid ?? 0;
    });
    await eventually('the connection is gone', () => areGone(test.roles.runtime, [pid]));
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it('SR-52: moves from one role to another under load, and leaves none behind', async () => {
    const firstPassword = randomPassword();
    const first = await createLogin(firstPassword);
    const nextPassword = randomPassword();
    const second = await createLogin(nextPassword);
    const username = createLiveSecret(Secret.of(first));
    password.change(firstPassword);
    const database = open({ username });
    const work = load(database, WORKERS);
    await work.goOn(SOME_ANSWERS);
    expect(await backendsOf(first)).toHaveLength(POOL_MAX);
    // In one turn, as the fields of one document.
    username.change(Secret.of(second));
    password.change(nextPassword);
    await work.goOn(SOME_ANSWERS);
    await eventually('the first role has no connection', async () => (await backendsOf(first)).length === 0);
    await dropLogin(first);
    await work.goOn(SOME_ANSWERS);
    await work.stop();
    expect(work.failures).toStrictEqual([]);
    expect(await backendsOf(second)).toHaveLength(POOL_MAX);
    await database.close();
    await dropLogin(second);
  });

  it('SR-52: asks for the pending password when the database changed first, and fails no query', async () => {
    const database = open();
    const few = load(database, 2);
    await few.goOn(10);
    const old = password.current();
    const next = randomPassword();
    await setPassword(test.roles.runtime, next);
    password.offer(next);
    // They need connections that do not exist yet, and the server refuses the only password that is known.
    const many = load(database, WORKERS);
    await many.goOn(SOME_ANSWERS);
    await Promise.all([few.stop(), many.stop()]);
    expect([...few.failures, ...many.failures]).toStrictEqual([]);
    expect(new Set(password.refusals)).toStrictEqual(new Set([old]));
    expect(password.current()).toBe(next);
  });

  it('SR-52: asks for other credentials when the role is gone', async () => {
    const [firstPassword, nextPassword] = [randomPassword(), randomPassword()];
    const [first, second] = [await createLogin(firstPassword), await createLogin(nextPassword)];
    await dropLogin(first);
    const username = createLiveSecret(Secret.of(first));
    password.change(firstPassword);
    username.offer(Secret.of(second));
    password.offer(nextPassword);
    const database = open({ username });
    await expect(database.ping()).resolves.toBeUndefined();
    await database.close();
    await dropLogin(second);
  });

  it('SR-30: says that the database is unavailable when there is no other password', async () => {
    const wrong = createLiveSecret(randomPassword());
    const { kysely } = open({ password: wrong });
    await expect(sql`select 1`.execute(kysely)).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      cause: { code: '28P01' },
    });
    expect(wrong.refusals).toHaveLength(1);
    await expect(open({ password: fixedSecret(password.current()) }).ping()).resolves.toBeUndefined();
  });
});
