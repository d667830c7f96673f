import { randomUUID } from 'node:crypto';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { describeSharedStoreContract } from '@redoubt/testing/contracts/shared-store-contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectValkey, type SharedStore, SharedStoreUnavailableError, type ValkeyOptions } from '../../src/index.ts';
import { createRecordedLog } from '../recorded-log.ts';
import { startProxy, type TcpProxy } from '../tcp-proxy.ts';
import { createValkeyUser } from './valkey-user.ts';

const user = await createValkeyUser();
const other = await createValkeyUser();
const logger = createRecordedLog();

afterAll(() => Promise.all([user.drop(), other.drop()]));

function connect(options: Partial<ValkeyOptions> = {}): SharedStore {
  // Far beyond what a command takes: only a fault reaches it.
  return connectValkey({ ...user.options, commandTimeoutMs: 5_000, logger, ...options });
}

// SR-50: with a user that may use its own prefix and the commands of the README, and nothing else.
describeSharedStoreContract('Valkey or Redis server', { open: connect, openAlone: connect, advance: () => undefined });

describe('a shared store server', () => {
  it('SR-50: keeps stores of different prefixes apart', async () => {
    const [mine, theirs] = [connect(), connect(other.options)];
    const received: string[] = [];
    const leave = await theirs.subscribe('channel', (message) => received.push(message));
    await mine.setIfAbsent('key', 'mine', 60_000);
    expect(await theirs.get('key')).toBeUndefined();
    expect(await theirs.setIfAbsent('key', 'theirs', 60_000)).toBe(true);
    await mine.publish('channel', 'mine');
    await theirs.publish('channel', 'theirs');
    await eventually('the message arrived', () => received.length > 0);
    expect(received).toStrictEqual(['theirs']);
    await leave();
    await Promise.all([mine.close(), theirs.close()]);
  });

  it('SR-50: refuses a store that uses a foreign prefix', async () => {
    const store = connect({ keyPrefix: other.options.keyPrefix });
    await expect(store.get('key')).rejects.toThrow('NOPERM');
    await expect(store.increment('key', 1_000)).rejects.toThrow(SharedStoreUnavailableError);
    await expect(store.subscribe('channel', () => undefined)).rejects.toThrow('NOPERM');
    await store.close();
  });

  it('SR-30: refuses a wrong password', async () => {
    const { password } = other.options;
    const store = connect(password === undefined ? {} : { password });
    await expect(store.get('key')).rejects.toThrow(SharedStoreUnavailableError);
    await store.close();
  });

  it('SR-50: asks for nothing that its user may not, and prints nothing', async () => {
    const printed = vi.spyOn(console, 'warn');
    const store = connect();
    await store.subscribe('channel', () => undefined);
    await store.ping();
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
    await store.close();
  });

  it('leaves no key without a time to live', async () => {
    const store = connect();
    const key = randomUUID();
    await Promise.all(Array.from({ length: 20 }, () => store.increment(key, 60_000)));
    expect(await user.admin.pttl(`${user.options.keyPrefix}${key}`)).toBeGreaterThan(0);
    await store.close();
  });
});

describe('the way to a shared store server', () => {
  let proxy: TcpProxy;

  beforeAll(async () => {
    proxy = await startProxy(new URL(user.options.url));
  });

  afterAll(() => proxy.close());

  const works = async (store: SharedStore): Promise<boolean> =>
    store.ping().then(
      () => true,
      () => false,
    );

  it('SR-30: fails what is under way when it is cut, and is found again', async () => {
    const store = connect({ url: `redis://127.0.0.1:${proxy.port}` });
    const key = randomUUID();
    expect((await store.increment(key, 60_000)).count).toBe(1);
    proxy.freeze();
    const lost = [store.increment(key, 60_000), store.setIfAbsent(`${key} value`, 'value', 60_000)];
    proxy.cut();
    for (const command of lost) await expect(command).rejects.toThrow(SharedStoreUnavailableError);
    proxy.mend();
    await eventually('the store is back', () => works(store));
    // The lost commands were not sent again.
    expect(await store.get(`${key} value`)).toBeUndefined();
    expect((await store.increment(key, 60_000)).count).toBe(2);
    await store.close();
  });

  it('SR-39: fails fast when it is silent, and is found again', async () => {
    const store = connect({ url: `redis://127.0.0.1:${proxy.port}`, commandTimeoutMs: 50 });
    await store.ping();
    proxy.freeze();
    await expect(store.increment('key', 1_000)).rejects.toThrow('command timed out');
    proxy.mend();
    await eventually('the dead connection was replaced', () => works(store));
    expect((await store.increment(randomUUID(), 1_000)).count).toBe(1);
    await store.close();
  });

  it('SR-7: brings messages again after it was cut', async () => {
    const store = connect({ url: `redis://127.0.0.1:${proxy.port}` });
    const direct = connect();
    const received: string[] = [];
    let gaps = 0;
    await store.subscribe(
      'revocations',
      (message) => received.push(message),
      () => {
        gaps += 1;
      },
    );
    proxy.cut();
    proxy.mend();
    await eventually('a message arrived again', async () => {
      await direct.publish('revocations', 'revoked');
      return received.length > 0;
    });
    expect(new Set(received)).toStrictEqual(new Set(['revoked']));
    expect(gaps).toBeGreaterThan(0);
    await Promise.all([store.close(), direct.close()]);
  });
});
