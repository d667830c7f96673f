import { SharedStoreUnavailableError } from '@redoubt/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { RevocationKey } from '../../src/index.ts';
import { LEASE_MS } from '../../src/revocation/replica-link.ts';
import { createReplicas, type Replica, settle } from './replicas.ts';

const KEY: RevocationKey = 'session:one';

let replicas: ReturnType<typeof createReplicas>;
let first: Replica;
let second: Replica;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  replicas = createReplicas();
  first = replicas.start();
  second = replicas.start();
  await settle();
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all([first.revocations.close(), second.revocations.close()]);
});

describe('a revocation', () => {
  it('SR-7: is known at once to the replica that made it and to every other', async () => {
    for (const { revocations } of [first, second]) expect(await revocations.isRevoked(KEY)).toBe(false);
    await first.revocations.revoke([KEY]);
    // Without a promise: nobody had to ask.
    for (const { revocations } of [first, second]) expect(revocations.isRevoked(KEY)).toBe(true);
  });

  it('SR-7: revokes what it names and nothing else', async () => {
    await first.revocations.revoke([KEY, 'session:two']);
    expect(await second.revocations.isRevoked('session:two')).toBe(true);
    expect(await second.revocations.isRevoked('token:one')).toBe(false);
    expect(await second.revocations.isRevoked('session:on')).toBe(false);
  });

  it('SR-7: is known to a replica that starts later', async () => {
    await first.revocations.revoke([KEY]);
    const late = replicas.start();
    expect(await late.revocations.isRevoked(KEY)).toBe(true);
    await late.revocations.close();
  });

  it('asks the store once for a session, and then no more', async () => {
    expect(await first.revocations.isRevoked(KEY)).toBe(false);
    for (let request = 0; request < 100; request += 1) expect(first.revocations.isRevoked(KEY)).toBe(false);
    expect(first.asked()).toBe(1);
  });

  it('SR-7: is not undone by an answer that was on its way meanwhile', async () => {
    const release = second.holdAnswer();
    const early = second.revocations.isRevoked(KEY);
    await first.revocations.revoke([KEY]);
    release();
    await early;
    expect(await second.revocations.isRevoked(KEY)).toBe(true);
    expect(await second.revocations.isRevoked('session:other')).toBe(false);
  });

  it('SR-7: does not let an answer be remembered that an announcement overtook', async () => {
    const release = second.holdAnswer();
    const early = second.revocations.isRevoked(KEY);
    await first.revocations.revoke(['session:other']);
    release();
    expect(await early).toBe(false);
    const asked = second.asked();
    await second.revocations.isRevoked(KEY);
    expect(second.asked()).toBe(asked + 1);
  });
});

describe('a replica whose messages are lost', () => {
  it('SR-7: asks the store for each request once its lease has ended', async () => {
    expect(await second.revocations.isRevoked(KEY)).toBe(false);
    second.become('silent');
    const revoked = first.revocations.revoke([KEY]);
    replicas.advance(LEASE_MS);
    await settle();
    expect(await second.revocations.isRevoked(KEY)).toBe(true);
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    await revoked;
  });

  it('SR-7: is waited for by who revokes, until its lease has ended', async () => {
    second.become('silent');
    let answered = false;
    const revoked = first.revocations.revoke([KEY]).then(() => (answered = true));
    await vi.advanceTimersByTimeAsync(LEASE_MS - 1);
    expect(answered).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await revoked).toBe(true);
  });

  it('SR-7: forgets what it knew when it is told, and asks again', async () => {
    expect(await second.revocations.isRevoked(KEY)).toBe(false);
    second.become('cut');
    second.become('silent');
    await replicas.store.set(`revoked:${KEY}`, 'revoked', 60_000);
    expect(await second.revocations.isRevoked(KEY)).toBe(true);
  });
});

describe('without the shared store', () => {
  it('SR-30: rejects, and does not guess', async () => {
    expect(await first.revocations.isRevoked(KEY)).toBe(false);
    first.become('cut');
    await expect(first.revocations.isRevoked(KEY)).rejects.toThrow(SharedStoreUnavailableError);
    await expect(first.revocations.isRevoked('session:new')).rejects.toThrow(SharedStoreUnavailableError);
  });

  it('SR-30: refuses to revoke rather than to pretend', async () => {
    first.become('cut');
    await expect(first.revocations.revoke([KEY])).rejects.toThrow(SharedStoreUnavailableError);
  });

  it('SR-30: rejects after its own end', async () => {
    expect(await first.revocations.isRevoked(KEY)).toBe(false);
    await first.revocations.close();
    first.become('cut');
    await expect(first.revocations.isRevoked(KEY)).rejects.toThrow(SharedStoreUnavailableError);
  });
});
