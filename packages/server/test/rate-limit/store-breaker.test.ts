import { setImmediate } from 'node:timers/promises';

import { createLogger } from '@redoubt/logging';
import { createLogCapture, createManualClock, type LogCapture } from '@redoubt/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { RATE_LIMIT_PROBE_INTERVAL_MS, RATE_LIMIT_STORE_DEADLINE_MS } from '../../src/limits.ts';
import { StoreBreaker } from '../../src/rate-limit/store-breaker.ts';
import { SteeredStore } from '../support/steered-store.ts';

const WINDOW_MS = 60_000;

let store: SteeredStore;
let log: LogCapture;
let breaker: StoreBreaker;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  store = new SteeredStore(createManualClock().now);
  log = createLogCapture();
  breaker = new StoreBreaker({
    store,
    deadlineMs: RATE_LIMIT_STORE_DEADLINE_MS,
    probeIntervalMs: RATE_LIMIT_PROBE_INTERVAL_MS,
    logger: createLogger({ service: 'test', level: 'info', destination: log.destination }),
  });
});
afterEach(() => {
  breaker.end();
  vi.useRealTimers();
});

const raise = (): ReturnType<StoreBreaker['increment']> => breaker.increment('key', WINDOW_MS);
const messages = (): unknown[] => log.lines().map(({ msg }) => msg);

/** Lets time pass in steps of a deadline, with a turn of the loop after each. */
async function advance(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += RATE_LIMIT_STORE_DEADLINE_MS) {
    await vi.advanceTimersByTimeAsync(RATE_LIMIT_STORE_DEADLINE_MS);
    await setImmediate();
  }
}

/** Lets the store hang until one request has found out. */
async function openByHang(): Promise<void> {
  store.mode = 'hangs';
  const counted = raise();
  await advance(RATE_LIMIT_STORE_DEADLINE_MS);
  expect(await counted).toBeUndefined();
  store.takeCount();
}

describe('a breaker', () => {
  it('counts while the store answers', async () => {
    expect(await raise()).toEqual({ count: 1, expiresInMs: WINDOW_MS });
    expect(await raise()).toEqual({ count: 2, expiresInMs: WINDOW_MS });
    expect(messages()).toEqual([]);
  });

  it('SR-22: gives up a store that hangs after 50 ms, and from then on nobody waits for it', async () => {
    expect(RATE_LIMIT_STORE_DEADLINE_MS).toBe(50);
    store.mode = 'hangs';
    const counted = Promise.all(Array.from({ length: 20 }, raise));
    await advance(RATE_LIMIT_STORE_DEADLINE_MS);
    expect(new Set(await counted)).toEqual(new Set([undefined]));
    store.takeCount();
    expect(await Promise.all(Array.from({ length: 1000 }, raise))).not.toContainEqual(expect.anything());
    expect(store.takeCount()).toBe(0);
  });

  it('SR-22: takes a store that refuses, or throws, for one that is away', async () => {
    for (const mode of ['away', 'throws'] as const) {
      store.mode = mode;
      expect(await raise()).toBeUndefined();
      store.mode = 'answers';
      await advance(RATE_LIMIT_PROBE_INTERVAL_MS);
      expect(await raise()).toBeDefined();
    }
  });

  it('asks in the background whether the store is back, one question at a time', async () => {
    await openByHang();
    await advance(10 * RATE_LIMIT_PROBE_INTERVAL_MS);
    // Each waits for its own deadline before the next one is due.
    expect(store.takeCount()).toBe(9);
    store.mode = 'answers';
    await advance(RATE_LIMIT_PROBE_INTERVAL_MS + RATE_LIMIT_STORE_DEADLINE_MS);
    store.takeCount();
    expect(await raise()).toMatchObject({ count: 1 });
    await advance(10 * RATE_LIMIT_PROBE_INTERVAL_MS);
    expect(store.takeCount()).toBe(1);
  });

  it('writes one line when it opens and one when it closes, and no key', async () => {
    await openByHang();
    await advance(5 * RATE_LIMIT_PROBE_INTERVAL_MS);
    store.mode = 'answers';
    await advance(RATE_LIMIT_PROBE_INTERVAL_MS + RATE_LIMIT_STORE_DEADLINE_MS);
    expect(messages()).toEqual(['rate limits go on without the shared store', 'rate limits are shared again']);
    expect(log.text()).not.toContain('"key"');
  });

  it('asks no more once it is ended', async () => {
    await openByHang();
    breaker.end();
    await advance(10 * RATE_LIMIT_PROBE_INTERVAL_MS);
    expect([store.takeCount(), vi.getTimerCount()]).toEqual([0, 0]);
    expect(await raise()).toBeUndefined();
  });
});
