import { randomBytes, randomUUID } from 'node:crypto';
import { setImmediate as everythingDue } from 'node:timers/promises';
import { Secret } from '@redoubt/secrets';
import { createLiveSecret, type TestLiveSecret } from '@redoubt/testing';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectValkey, type SharedStore } from '../../src/index.ts';
import { createRecordedLog } from '../recorded-log.ts';
import { type SteadyLoad, startLoad } from '../steady-load.ts';
import { createValkeyUser, type ValkeyUser } from './valkey-user.ts';

const WORKERS = 20;
/** Answers that show that work goes on: many of each worker. */
const SOME_ANSWERS = 2_000;
const TTL_MS = 60_000;

const randomPassword = (): Secret => Secret.of(randomBytes(24).toString('base64url'));

/** What a subscriber was told, in order. */
interface Subscription {
  readonly messages: string[];
  gaps: number;
}

describe('a shared store whose password changes', () => {
  let user: ValkeyUser;
  let name: string;
  let password: TestLiveSecret;
  const opened: SharedStore[] = [];
  const loads: SteadyLoad[] = [];

  beforeEach(async () => {
    user = await createValkeyUser();
    name = user.options.username ?? '';
    password = createLiveSecret(user.options.password?.current() ?? Secret.of(''));
  });

  afterEach(async () => {
    await Promise.all(loads.splice(0).map((load) => load.stop()));
    await Promise.all(opened.splice(0).map((store) => store.close()));
    await user.drop();
  });

  function connect(secret: TestLiveSecret = password): SharedStore {
    // Far beyond what a command takes: only a fault reaches it.
    const logger = createRecordedLog();
    const store = connectValkey({ ...user.options, password: secret, commandTimeoutMs: 5_000, logger });
    opened.push(store);
    return store;
  }

  function load(callers: number, call: () => Promise<unknown>): SteadyLoad {
    const started = startLoad(callers, call);
    loads.push(started);
    return started;
  }

  const setUser = (...rules: string[]): Promise<unknown> => user.admin.call('ACL', 'SETUSER', name, ...rules);

  /** The server forgets the old password: who is connected stays so. */
  const setPassword = (next: Secret): Promise<unknown> => setUser('resetpass', `>${next.expose()}`);

  /** The user's connections, each with its id and the command that it sent last. */
  async function connections(): Promise<{ id: string; command: string }[]> {
    const list = String(await user.admin.client('LIST'));
    const own = list.split('\n').filter((line) => line.includes(` user=${name} `));
    return own.map((line) => ({ id: /^id=(\d+)/.exec(line)?.[1] ?? '', command: / cmd=(\S+)/.exec(line)?.[1] ?? '' }));
  }

  const listeningConnections = async (): Promise<string[]> =>
    (await connections()).filter(({ command }) => command === 'subscribe').map(({ id }) => id);

  async function subscribe(store: SharedStore, channel: string): Promise<Subscription> {
    const subscription: Subscription = { messages: [], gaps: 0 };
    await store.subscribe(
      channel,
      (message) => subscription.messages.push(message),
      () => {
        subscription.gaps += 1;
      },
    );
    return subscription;
  }

  const publish = (channel: string, message: string): Promise<unknown> =>
    user.admin.publish(`${user.options.keyPrefix}${channel}`, message);

  it('SR-52: signs in again under load, fails no command, and neither loses nor doubles a message', async () => {
    const store = connect();
    const subscription = await subscribe(store, 'channel');
    let published = 0;
    const commands = load(WORKERS, () => store.increment(randomUUID(), TTL_MS));
    const messages = load(1, () => publish('channel', String(published++)));
    for (let rotation = 0; rotation < 5; rotation += 1) {
      const before = await connections();
      const next = randomPassword();
      await setPassword(next);
      password.change(next);
      await commands.goOn(SOME_ANSWERS);
      await eventually('another connection listens', async () => {
        const now = await connections();
        return now.length === 2 && now.some(({ id }) => before.every((old) => old.id !== id));
      });
    }
    await Promise.all([commands.stop(), messages.stop()]);
    await eventually('all messages arrived', () => subscription.messages.length >= published);
    expect([...commands.failures, ...messages.failures]).toStrictEqual([]);
    expect(subscription.messages).toStrictEqual(Array.from({ length: published }, (_, number) => String(number)));
    expect(subscription.gaps).toBe(0);
    expect(password.refusals).toStrictEqual([]);
  });

  it('SR-50, SR-52: proves the new password on the connection that stands', async () => {
    const store = connect();
    await store.ping();
    const [before] = await connections();
    const next = randomPassword();
    await setPassword(next);
    password.change(next);
    await eventually('it signed in again', async () => (await connections())[0]?.command === 'auth');
    expect((await connections()).map(({ id }) => id)).toStrictEqual([before?.id]);
    await expect(store.ping()).resolves.toBeUndefined();
  });

  it('SR-52: goes on with what it has when the server does not know the new password yet', async () => {
    const store = connect();
    const subscription = await subscribe(store, 'channel');
    const early = randomPassword();
    const commands = load(WORKERS, () => store.increment(randomUUID(), TTL_MS));
    password.change(early);
    await eventually('it was refused on both connections', () => password.refusals.length >= 2);
    await commands.goOn(SOME_ANSWERS);
    await commands.stop();
    await eventually('the second connection to listen was given up', async () => (await connections()).length === 2);
    await publish('channel', 'hello');
    await eventually('the message arrived', () => subscription.messages.length > 0);
    expect(commands.failures).toStrictEqual([]);
    expect(subscription).toStrictEqual({ messages: ['hello'], gaps: 0 });
    expect(new Set(password.refusals)).toStrictEqual(new Set([early]));
  });

  it('SR-52: asks for the pending password when the first one is refused, and no command fails', async () => {
    const old = password.current();
    const next = randomPassword();
    await setPassword(next);
    password.offer(next);
    const store = connect();
    const answers = await Promise.all(Array.from({ length: 5 }, () => store.increment('key', TTL_MS)));
    expect(answers.map(({ count }) => count)).toStrictEqual([1, 2, 3, 4, 5]);
    expect(new Set(password.refusals)).toStrictEqual(new Set([old]));
  });

  for (const knowledge of ['changed', 'pending'] as const) {
    it(`SR-52: comes back with the new password, which is ${knowledge}, when its connections are killed`, async () => {
      const store = connect();
      const subscription = await subscribe(store, 'channel');
      const next = randomPassword();
      await setPassword(next);
      if (knowledge === 'pending') password.offer(next);
      else password.change(next);
      await user.admin.client('KILL', 'USER', name);
      await eventually('messages arrive again', async () => {
        await publish('channel', 'hello');
        return subscription.messages.length > 0;
      });
      await eventually('commands are answered again', () =>
        store.ping().then(
          () => true,
          () => false,
        ),
      );
      expect(subscription.gaps).toBeGreaterThan(0);
      expect(password.current()).toBe(next);
    });
  }

  it('SR-52: tells of a gap when one connection cannot take over from the other without one', async () => {
    const store = connect();
    const subscription = await subscribe(store, 'channel');
    const before = await listeningConnections();
    const next = randomPassword();
    // The point at which messages change hands cannot be marked.
    await setUser('-publish');
    await setPassword(next);
    password.change(next);
    await eventually('it told of the gap', () => subscription.gaps > 0);
    await eventually('messages arrive again', async () => {
      await publish('channel', 'hello');
      return subscription.messages.length > 0;
    });
    await eventually('two connections are left', async () => (await connections()).length === 2);
    expect(await listeningConnections()).not.toStrictEqual(before);
    expect(subscription.gaps).toBe(1);
  });

  it('SR-52: keeps subscriptions that begin while one connection takes over, and drops those that end', async () => {
    const store = connect();
    const received: string[] = [];
    const leave = await Promise.all(
      Array.from({ length: 4 }, (_, turn) => store.subscribe(`leaving ${turn}`, () => received.push('gone'))),
    );
    const passwords = Array.from(leave, randomPassword);
    await setUser('resetpass', ...passwords.map((each) => `>${each.expose()}`));
    for (let turn = 0; turn < 20; turn += 1) {
      const next = turn % 5 === 0 ? passwords.shift() : undefined;
      if (next !== undefined) password.change(next);
      await everythingDue();
      const joins = store.subscribe(`channel ${turn}`, (message) => received.push(message));
      await Promise.all([joins, next === undefined ? undefined : leave.shift()?.()]);
    }
    for (let turn = 0; turn < 20; turn += 1) await publish(`channel ${turn}`, String(turn));
    for (let turn = 0; turn < 4; turn += 1) expect(await publish(`leaving ${turn}`, 'hello')).toBe(0);
    await eventually('all messages arrived', () => received.length >= 20);
    expect(received).toStrictEqual(Array.from({ length: 20 }, (_, turn) => String(turn)));
  });

  it('leaves no connection behind, however far one had taken over when it was closed', async () => {
    for (let turns = 0; turns < 20; turns += 1) {
      const store = connect();
      await subscribe(store, 'channel');
      const next = randomPassword();
      await setPassword(next);
      password.change(next);
      for (let turn = 0; turn < turns; turn += 1) await everythingDue();
      await expect(store.close()).resolves.toBeUndefined();
      await eventually('all connections are gone', async () => (await connections()).length === 0);
    }
  });
});
