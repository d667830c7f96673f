import { randomBytes } from 'node:crypto';
import { setImmediate as everythingDue } from 'node:timers/promises';
import { type LiveSecret, Secret } from '@redoubt/secrets';
import { createLiveSecret, createTestAuthority, loopbackServer, type TestLiveSecret } from '@redoubt/testing';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { openPostgres, type PostgresDatabase, type PostgresOptions } from '../../src/index.ts';
import { createRecordedLog } from '../recorded-log.ts';
import { type FakeServer, type FakeServerOptions, startFakeServer } from './fake-server.ts';

const POOL_MAX = 3;

const randomSecret = (): Secret => Secret.of(randomBytes(16).toString('hex'));

describe('the connections of a pool', () => {
  const opened: { close(): Promise<void> }[] = [];

  afterEach(async () => {
    for (const each of opened.splice(0).toReversed()) await each.close();
  });

  async function serve(options?: FakeServerOptions): Promise<FakeServer> {
    const server = await startFakeServer(options);
    opened.push(server);
    return server;
  }

  function open(server: FakeServer, options: Partial<PostgresOptions> = {}): PostgresDatabase<unknown> {
    const url = `postgres://user@127.0.0.1:${server.port}/db`;
    const database = openPostgres<unknown>({ url, applicationName: 'test', poolMax: POOL_MAX, ...options });
    opened.push(database);
    return database;
  }

  const ask = ({ kysely }: PostgresDatabase<unknown>): Promise<unknown> => sql`select 1`.execute(kysely);

  const askOnAll = (database: PostgresDatabase<unknown>): Promise<unknown> =>
    Promise.all(Array.from({ length: POOL_MAX }, () => ask(database)));

  it('SR-52: keep their places until the server has let them go, so that it never sees more than the maximum', async () => {
    const [server, password] = [await serve(), createLiveSecret(randomSecret())];
    const database = open(server, { password });
    await askOnAll(database);
    const letGo = server.holdLeaving();
    password.change(randomSecret());
    await eventually('all are closing', () => database.statistics().idle === 0);
    const asked = askOnAll(database);
    expect(database.statistics()).toStrictEqual({ total: POOL_MAX, idle: 0, waiting: POOL_MAX });
    letGo();
    await asked;
    expect(server.mostConnections()).toBe(POOL_MAX);
    expect(server.signIns).toHaveLength(2 * POOL_MAX);
  });

  it('SR-39: give their places up when the server does not let them go', async () => {
    const [server, password] = [await serve(), createLiveSecret(randomSecret())];
    const database = open(server, { password });
    await askOnAll(database);
    const letGo = server.holdLeaving();
    password.change(randomSecret());
    await eventually('all are closing', () => database.statistics().idle === 0);
    await expect(askOnAll(database)).resolves.toHaveLength(POOL_MAX);
    letGo();
  });

  it('SR-52: sign in with a user name and a password of the same rotation', async () => {
    const [username, password] = [createLiveSecret(Secret.of('first')), createLiveSecret(Secret.of('of first'))];
    const server = await serve();
    const database = open(server, { username, password });
    await ask(database);
    username.change(Secret.of('second'));
    password.change(Secret.of('of second'));
    await eventually('the first one is gone', () => database.statistics().total === 0);
    await ask(database);
    expect(server.signIns).toStrictEqual([
      { user: 'first', password: 'of first' },
      { user: 'second', password: 'of second' },
    ]);
  });

  it('SR-52: join in asking for the one that holds, and are made with it', async () => {
    const [first, next] = [randomSecret(), randomSecret()];
    const password = createLiveSecret(first);
    password.offer(next);
    const server = await serve({ admits: (signIn) => signIn.password === next.expose() });
    await askOnAll(open(server, { password }));
    expect(password.refusals.every((refused) => refused === first)).toBe(true);
    const passwords = server.signIns.map((signIn) => signIn.password);
    expect(passwords).toStrictEqual([...Array.from({ length: POOL_MAX }, () => first.expose()), ...passwords.slice(3)]);
    expect(new Set(passwords.slice(POOL_MAX))).toStrictEqual(new Set([next.expose()]));
  });

  it('SR-52: do not ask again when the password that was refused is not the current one any more', async () => {
    const next = randomSecret();
    const password: TestLiveSecret = createLiveSecret(randomSecret());
    const admits = (signIn: { password: string }): boolean => {
      if (signIn.password !== next.expose()) password.change(next);
      return signIn.password === next.expose();
    };
    await ask(open(await serve({ admits }), { password }));
    expect(password.refusals).toStrictEqual([]);
  });

  it('SR-39: do not wait for a source longer than for a connection', async () => {
    const password: LiveSecret = {
      ...createLiveSecret(randomSecret()),
      refused: () => Promise.withResolvers<never>().promise,
    };
    const database = open(await serve({ admits: () => false }), { password, acquireTimeoutMs: 50 });
    await expect(ask(database)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', cause: { code: '28P01' } });
  });

  it('SR-39: are kept for others when they come after their caller was told no', async () => {
    const [secret, next] = [createLiveSecret(randomSecret()), randomSecret()];
    const { promise: told, resolve: tell } = Promise.withResolvers<void>();
    const password: LiveSecret = { ...secret, refused: (value) => told.then(() => secret.refused(value)) };
    secret.offer(next);
    const server = await serve({ admits: (signIn) => signIn.password === next.expose() });
    const database = open(server, { password, acquireTimeoutMs: 100 });
    await expect(ask(database)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    tell();
    await eventually('the connection is idle', () => database.statistics().idle === 1);
    await ask(database);
    expect(server.signIns).toHaveLength(2);
  });

  it('are left alone by a change that is none, and by one after the end', async () => {
    const [server, logger] = [await serve(), createRecordedLog()];
    const password = createLiveSecret(randomSecret());
    const database = open(server, { password, logger });
    await ask(database);
    password.change(Secret.of(password.current().expose()));
    await ask(database);
    await database.close();
    password.change(randomSecret());
    await everythingDue();
    expect(server.signIns).toHaveLength(1);
    expect(logger.entries).toStrictEqual([]);
  });

  it('SR-28: are made with the authority, the certificate and the key that hold then', async () => {
    const shown: string[] = [];
    const [authority, clients] = [createTestAuthority(), createTestAuthority()];
    const { certificate: cert, key } = authority.issue(loopbackServer);
    const server = await serve({
      tls: { cert, key, ca: clients.certificate, requestCert: true, rejectUnauthorized: true },
      onSecure: (socket) => shown.push(socket.getPeerX509Certificate()?.fingerprint256 ?? 'none'),
    });
    let current = { ca: clients.certificate, ...materialOf(clients.issue()) };
    const password = createLiveSecret(randomSecret());
    const database = open(server, { password, ssl: () => current });
    await expect(ask(database)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    for (const material of [materialOf(clients.issue()), materialOf(clients.issue())]) {
      current = { ca: authority.certificate, ...material };
      await ask(database);
      password.change(randomSecret());
      await eventually('the connection is gone', () => database.statistics().total === 0);
    }
    expect(new Set(shown).size).toBe(2);
    expect(server.signIns).toHaveLength(2);
  });
});

function materialOf({ certificate, key }: { certificate: string; key: string }) {
  return { certificate, privateKey: Secret.of(key) };
}
