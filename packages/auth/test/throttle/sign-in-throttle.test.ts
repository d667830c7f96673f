import { createMemoryStore, type SharedStore } from '@redoubt/storage';
import { createManualClock, type ManualClock } from '@redoubt/testing';
import { beforeEach, describe, expect, it } from 'vitest';

import { createSignInThrottle, type SignInThrottle } from '../../src/throttle/sign-in-throttle.ts';

const MINUTE_MS = 60_000;
const account = 'person@mail.example';
const from = (clientAddress: string, name = account) => ({ clientAddress, account: name });

let clock: ManualClock;
let store: SharedStore;
let throttle: SignInThrottle;
beforeEach(() => {
  clock = createManualClock();
  store = createMemoryStore({ now: clock.now });
  throttle = createSignInThrottle({ store, now: clock.now });
});

const fail = async (times: number, clientAddress = '203.0.113.1'): Promise<number> => {
  let locks = 0;
  for (let count = 0; count < times; count += 1)
    if ((await throttle.failed(from(clientAddress))).accountLocked) locks += 1;
  return locks;
};

describe('the sign-in throttle', () => {
  it('SR-13: locks an account at the fifth failure in 15 minutes, once', async () => {
    expect(await fail(4)).toBe(0);
    expect(await throttle.isLocked(account)).toBe(false);
    expect(await fail(1)).toBe(1);
    expect(await throttle.isLocked(account)).toBe(true);
    expect(await fail(3)).toBe(0);
  });

  it('SR-13: forgets four failures after 15 minutes', async () => {
    await fail(4);
    clock.advance(15 * MINUTE_MS);
    expect(await fail(4)).toBe(0);
    expect(await throttle.isLocked(account)).toBe(false);
  });

  it('SR-13: locks for 30 seconds, then twice as long at each further failure, up to an hour', async () => {
    await fail(4);
    for (const seconds of [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]) {
      expect(await fail(1)).toBe(1);
      clock.advance(seconds * 1000 - 1);
      expect([seconds, await throttle.isLocked(account)]).toEqual([seconds, true]);
      clock.advance(1);
      expect([seconds, await throttle.isLocked(account)]).toEqual([seconds, false]);
    }
  });

  it('SR-13: does not lock longer by attempts during a lock', async () => {
    await fail(5);
    clock.advance(29_000);
    await fail(10, '203.0.113.2');
    clock.advance(1000);
    expect(await throttle.isLocked(account)).toBe(false);
  });

  it('SR-13: one address waits after 20 failures over many accounts, until its window ends', async () => {
    for (let count = 0; count < 20; count += 1) {
      expect(await throttle.admit(from('203.0.113.9', `a${count}@mail.example`))).toEqual({ kind: 'open' });
      const { addressLocked } = await throttle.failed(from('203.0.113.9', `a${count}@mail.example`));
      expect(addressLocked).toBe(count === 19);
      clock.advance(1000);
    }
    const admission = await throttle.admit(from('203.0.113.9', 'another@mail.example'));
    expect(admission).toEqual({ kind: 'address-locked', retryAfterSeconds: 880 });
    expect(await throttle.admit(from('203.0.113.10'))).toEqual({ kind: 'open' });
    clock.advance(880_000);
    expect(await throttle.admit(from('203.0.113.9'))).toEqual({ kind: 'open' });
  });

  it('SR-13: a /64 is one address, and an IPv4 address is one in both spellings', async () => {
    for (let count = 0; count < 20; count += 1)
      await throttle.failed(from(`2001:db8:1:2::${count.toString(16)}`, `b${count}@mail.example`));
    expect((await throttle.admit(from('2001:db8:1:2:ffff::1'))).kind).toBe('address-locked');
    expect((await throttle.admit(from('2001:db8:1:3::1'))).kind).toBe('open');
    for (let count = 0; count < 20; count += 1)
      await throttle.failed(from(count % 2 === 0 ? '203.0.113.20' : '::ffff:203.0.113.20', `c${count}@mail.example`));
    expect((await throttle.admit(from('::ffff:cb00:7114'))).kind).toBe('address-locked');
  });

  it('SR-13: two replicas count together', async () => {
    const other = createSignInThrottle({ store, now: clock.now });
    await fail(3);
    expect((await other.failed(from('203.0.113.2'))).accountLocked).toBe(false);
    expect((await other.failed(from('203.0.113.2'))).accountLocked).toBe(true);
    expect(await throttle.isLocked(account)).toBe(true);
  });

  it('forgets an account, and says whether it had failures', async () => {
    expect(await throttle.forget(account)).toBe(false);
    await fail(5);
    expect(await throttle.forget(account)).toBe(true);
    expect(await throttle.isLocked(account)).toBe(false);
    expect(await fail(4)).toBe(0);
  });

  it('SR-43: keeps neither names nor addresses as keys', async () => {
    const keys: string[] = [];
    const watched: SharedStore = {
      ...store,
      increment: (key, ttlMs) => (keys.push(key), store.increment(key, ttlMs)),
      get: (key) => (keys.push(key), store.get(key)),
      setIfAbsent: (key, value, ttlMs) => (keys.push(key), store.setIfAbsent(key, value, ttlMs)),
    };
    await createSignInThrottle({ store: watched, now: clock.now }).failed(from('203.0.113.77'));
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.join()).not.toMatch(/person|203\.0/);
  });

  it('SR-13: fails when the store is away', async () => {
    await store.close();
    await expect(throttle.admit(from('203.0.113.1'))).rejects.toThrow(/shared store is unavailable/);
    await expect(throttle.failed(from('203.0.113.1'))).rejects.toThrow(/shared store is unavailable/);
  });
});
