import { randomBytes, randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import type { Socket } from 'node:net';
import { fixedSecret, type LiveSecret, Secret } from '@redoubt/secrets';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { afterEach, describe, expect, it } from 'vitest';
import { connectValkey, type SharedStore, SharedStoreUnavailableError } from '../../src/index.ts';
import { createRecordedLog } from '../recorded-log.ts';
import { findClosedPort, startPeer, type TestPeer } from '../test-peer.ts';

const TIMEOUT_MS = 50;

/** Every method, as a caller would use it. */
const CALLS: [string, (store: SharedStore) => Promise<unknown>][] = [
  ['increment', (store) => store.increment('key', 1_000)],
  ['setIfAbsent', (store) => store.setIfAbsent('key', 'value', 1_000)],
  ['get', (store) => store.get('key')],
  ['delete', (store) => store.delete('key')],
  ['publish', (store) => store.publish('channel', 'message')],
  ['subscribe', (store) => store.subscribe('channel', () => undefined)],
  ['ping', (store) => store.ping()],
];

describe('an outage of the shared store', () => {
  const logger = createRecordedLog();
  const opened: { close(): Promise<void> }[] = [];

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()));
  });

  function connectTo(port: number, password?: LiveSecret): SharedStore {
    const store = connectValkey({
      url: `redis://127.0.0.1:${port}`,
      ...(password === undefined ? {} : { password }),
      keyPrefix: 'test:',
      commandTimeoutMs: TIMEOUT_MS,
      connectTimeoutMs: TIMEOUT_MS,
      logger,
    });
    opened.push(store);
    return store;
  }

  async function startServer(onConnection?: (socket: Socket) => void): Promise<TestPeer> {
    const peer = await startPeer(onConnection);
    opened.push(peer);
    return peer;
  }

  for (const [method, call] of CALLS) {
    it(`SR-30: makes ${method} reject when nobody listens`, async () => {
      const store = connectTo(await findClosedPort());
      await expect(call(store)).rejects.toThrow(SharedStoreUnavailableError);
      // The first attempt is over: now it fails without waiting for the next one.
      await expect(call(store)).rejects.toMatchObject({ code: 'SHARED_STORE_UNAVAILABLE' });
    });

    it(`SR-39: makes ${method} reject when the server is silent`, async () => {
      const { port } = await startServer();
      await expect(call(connectTo(port))).rejects.toThrow(SharedStoreUnavailableError);
    });

    it(`SR-30: makes ${method} reject when the server refuses it`, async () => {
      const { port } = await startServer((socket) => {
        socket.on('data', () => socket.write('-NOPERM this user has no permissions\r\n'.repeat(5)));
      });
      await expect(call(connectTo(port))).rejects.toThrow(/NOPERM|not connected|unexpected/);
    });
  }

  it('SR-51: leaves no password, key or value in an error or the log, though the server repeats them', async () => {
    const [password, key, value] = [randomBytes(16).toString('hex'), randomUUID(), randomUUID()];
    const { port } = await startServer((socket) => {
      socket.on('data', (data) => socket.write(`-WRONGPASS ${JSON.stringify(String(data))}\r\n`.repeat(2)));
    });
    const store = connectTo(port, fixedSecret(Secret.of(password)));
    const errors = await Promise.allSettled([
      store.setIfAbsent(key, value, 1_000),
      store.increment(key, 1_000),
      store.publish(key, value),
      store.subscribe(key, () => undefined),
    ]);
    await eventually('the failure was logged', () => logger.entries.length > 0);
    const seen = inspect([errors, logger.entries], { depth: 20, showHidden: true });
    expect(errors.map(({ status }) => status)).toStrictEqual(Array.from(errors, () => 'rejected'));
    for (const canary of [password, key, value]) expect(seen).not.toContain(canary);
  });

  it('does not keep a store from closing', async () => {
    const { port } = await startServer();
    for (const store of [connectTo(await findClosedPort()), connectTo(port)]) {
      await expect(store.ping()).rejects.toThrow(SharedStoreUnavailableError);
      await expect(store.close()).resolves.toBeUndefined();
    }
  });
});
