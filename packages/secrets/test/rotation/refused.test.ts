import { describe, expect, it } from 'vitest';

import { type LiveSecret, Secret } from '../../src/index.ts';
import { fails, gives, hangs } from './support/scripted-source.ts';
import { canary, createTestStore, credentials, type TestStore } from './support/test-store.ts';

const SECOND_MS = 1_000;

async function watchOne(value: string, pending?: string): Promise<TestStore & { readonly secret: LiveSecret }> {
  const test = createTestStore({
    read: gives(value),
    ...(pending !== undefined && { readPending: gives(pending) }),
  });
  return { ...test, secret: await test.watch('aws-sm://service') };
}

/** Refuses what is current. */
function refuse(secret: LiveSecret): Promise<unknown> {
  return secret.refused(secret.current());
}

describe('a value that was refused', () => {
  it('SR-52: is replaced at once when the source has a newer one', async () => {
    const { secret, script, told } = await watchOne('old');
    script.read = gives('new');
    expect(await refuse(secret)).toBe('changed');
    expect(secret.current().expose()).toBe('new');
    expect(told).toEqual(['changed PASSWORD']);
  });

  it('SR-52: stays when the source has no other', async () => {
    const { secret, counts } = await watchOne('only');
    expect(await refuse(secret)).toBe('unchanged');
    expect(secret.current().expose()).toBe('only');
    expect(counts.reads).toBe(2);
  });

  it('SR-52: asks nobody when it is not the current one any more', async () => {
    const { secret, script, store, counts } = await watchOne('old');
    const old = secret.current();
    script.read = gives('new');
    await store.refresh();
    expect(await secret.refused(old)).toBe('changed');
    expect(await secret.refused(Secret.of('never heard of'))).toBe('changed');
    expect(counts.reads).toBe(2);
  });

  it('SR-52: is the current one by its text, in whatever it is wrapped', async () => {
    const { secret, counts } = await watchOne('only');
    expect(await secret.refused(Secret.of('only'))).toBe('unchanged');
    expect(counts.reads).toBe(2);
  });

  it('SR-30: makes one read for 1,000 callers at once, and all of them hear of the outcome', async () => {
    const { secret, script, counts } = await watchOne('old');
    const answer = Promise.withResolvers<{ text: string }>();
    script.read = () => answer.promise;
    const refusals = Array.from({ length: 1_000 }, () => refuse(secret));
    answer.resolve({ text: 'new' });
    expect(new Set(await Promise.all(refusals))).toEqual(new Set(['changed']));
    expect(counts.reads).toBe(2);
  });

  it('SR-30: asks the source once in 5 s, whoever refuses it how often', async () => {
    const { secret, scheduler, counts } = await watchOne('only', 'only');
    for (let refusals = 0; refusals < 100; refusals += 1) expect(await refuse(secret)).toBe('unchanged');
    expect(counts).toMatchObject({ reads: 2, pendingReads: 1 });
    await scheduler.advance(5 * SECOND_MS - 1);
    await refuse(secret);
    expect(counts).toMatchObject({ reads: 2, pendingReads: 1 });
    await scheduler.advance(1);
    await refuse(secret);
    expect(counts).toMatchObject({ reads: 3, pendingReads: 2 });
  });

  it('SR-52: is asked for again by who refuses it while a reading is under way, once for all of them', async () => {
    const { secret, script, scheduler, counts } = await watchOne('old');
    const answer = Promise.withResolvers<{ text: string }>();
    script.read = () => answer.promise;
    const first = refuse(secret);
    await scheduler.advance(0);
    const later = Array.from({ length: 100 }, () => refuse(secret));
    script.read = gives('new');
    answer.resolve({ text: 'old' });
    expect(await first).toBe('unchanged');
    expect(new Set(await Promise.all(later))).toEqual(new Set(['changed']));
    expect(counts.reads).toBe(3);
  });

  it('SR-52: is asked for after the reading that the clock began before', async () => {
    const { secret, script, scheduler, counts } = await watchOne('old', 'pending');
    const answer = Promise.withResolvers<{ text: string }>();
    script.read = () => answer.promise;
    await scheduler.advance(48 * SECOND_MS);
    const refusal = refuse(secret);
    script.read = gives('new');
    answer.resolve({ text: 'old' });
    expect(await refusal).toBe('changed');
    expect(secret.current().expose()).toBe('new');
    expect(counts).toMatchObject({ reads: 3, pendingReads: 0 });
  });

  it('SR-30: is asked for twice at most, however many refuse it all the while', async () => {
    const { secret, script, scheduler, counts } = await watchOne('only');
    const refusals: Promise<unknown>[] = [];
    script.read = () => {
      // Whoever is refused during this reading.
      if (refusals.length < 100) refusals.push(refuse(secret));
      return Promise.resolve({ text: 'only' });
    };
    refusals.push(refuse(secret));
    await scheduler.advance(4 * SECOND_MS);
    expect(new Set(await Promise.all(refusals))).toEqual(new Set(['unchanged']));
    expect(counts.reads).toBe(3);
  });

  it('SR-30: counts the 5 s for the whole document', async () => {
    const { watch, counts } = createTestStore({ read: gives(credentials('app', 'one')) });
    const user = await watch('aws-sm://service#username', 'USER');
    const password = await watch('aws-sm://service#password', 'PASSWORD');
    expect([await refuse(password), await refuse(user)]).toEqual(['unchanged', 'unchanged']);
    expect(counts.reads).toBe(2);
  });

  it('SR-52: counts as changed when another secret of its document has changed', async () => {
    const { watch, script } = createTestStore({ read: gives(credentials('app_a', 'same')) });
    await watch('aws-sm://service#username', 'USER');
    const password = await watch('aws-sm://service#password', 'PASSWORD');
    script.read = gives(credentials('app_b', 'same'));
    expect(await refuse(password)).toBe('changed');
  });

  it.each([
    ['fails', fails('access-denied')],
    ['is away', fails('unavailable')],
    ['hangs', hangs()],
    ['breaks', () => Promise.reject(new Error('x'))],
  ])('SR-30: stays when the source %s, and nothing is thrown', async (_how, read) => {
    const { secret, script, scheduler, told, counts } = await watchOne('old', 'pending');
    script.read = read;
    const refusal = refuse(secret);
    await scheduler.advance(10 * SECOND_MS);
    expect(await refusal).toBe('unchanged');
    expect(secret.current().expose()).toBe('old');
    // Nobody knows whether it is the current one that was refused.
    expect(counts.pendingReads).toBe(0);
    expect(told).toEqual([expect.stringContaining('refreshFailed')]);
  });

  it('SR-51: is not replaced by an empty one', async () => {
    const { secret, script } = await watchOne('old');
    script.read = gives(' ');
    expect(await refuse(secret)).toBe('unchanged');
    expect(secret.current().expose()).toBe('old');
  });
});

describe('a pending version', () => {
  it('SR-52: is taken when the current one was refused, and is no other by now', async () => {
    const { secret, store, told } = await watchOne('old', 'pending');
    expect(await refuse(secret)).toBe('changed');
    expect(secret.current().expose()).toBe('pending');
    expect(store.statuses()).toMatchObject([{ stage: 'pending' }]);
    expect(told).toEqual(['changed PASSWORD']);
  });

  it('SR-52: is not asked for while nobody refuses the current one', async () => {
    const { scheduler, counts } = await watchOne('old', 'pending');
    await scheduler.advance(600 * SECOND_MS);
    expect(counts.pendingReads).toBe(0);
  });

  it('SR-52: is not asked for when the current one is new', async () => {
    const { secret, script, counts } = await watchOne('old', 'pending');
    script.read = gives('new');
    expect(await refuse(secret)).toBe('changed');
    expect(secret.current().expose()).toBe('new');
    expect(counts.pendingReads).toBe(0);
  });

  it('SR-52: stays in use while the current one is the one refused, though it is read on', async () => {
    const { secret, scheduler, counts, told } = await watchOne('old', 'pending');
    await refuse(secret);
    await scheduler.advance(600 * SECOND_MS);
    expect(counts.reads).toBeGreaterThan(10);
    expect(secret.current().expose()).toBe('pending');
    expect(told).toEqual(['changed PASSWORD']);
  });

  it('SR-52: becomes the current one without anybody noticing when the rotation ends', async () => {
    const { secret, script, scheduler, store, told } = await watchOne('old', 'pending');
    await refuse(secret);
    const inUse = secret.current();
    script.read = gives('pending');
    script.readPending = () => Promise.resolve(undefined);
    await scheduler.advance(60 * SECOND_MS);
    expect(secret.current()).toBe(inUse);
    expect(store.statuses()).toMatchObject([{ stage: 'current' }]);
    expect(told).toEqual(['changed PASSWORD']);
  });

  it('SR-52: leaves for a current one that is neither', async () => {
    const { secret, script, scheduler } = await watchOne('old', 'pending');
    await refuse(secret);
    script.read = gives('third');
    await scheduler.advance(60 * SECOND_MS);
    expect(secret.current().expose()).toBe('third');
  });

  it('SR-52: gives way to the current one when it is refused, too', async () => {
    const { secret, scheduler, store } = await watchOne('old', 'pending');
    await refuse(secret);
    await scheduler.advance(5 * SECOND_MS);
    expect(await refuse(secret)).toBe('changed');
    expect(secret.current().expose()).toBe('old');
    expect(store.statuses()).toMatchObject([{ stage: 'current' }]);
    await scheduler.advance(5 * SECOND_MS);
    expect(await refuse(secret)).toBe('changed');
    expect(secret.current().expose()).toBe('pending');
  });

  it.each([
    ['there is none', () => Promise.resolve(undefined)],
    ['it is the same', gives('old')],
  ])('SR-52: changes nothing when %s', async (_why, readPending) => {
    const { secret, script, told, counts } = await watchOne('old', 'pending');
    script.readPending = readPending;
    expect(await refuse(secret)).toBe('unchanged');
    expect(counts.pendingReads).toBe(1);
    expect(told).toEqual([]);
  });

  it.each([
    ['access-denied', fails('access-denied')],
    ['timeout', hangs()],
    ['empty', gives(' ')],
    ['unavailable', () => Promise.reject(new Error('x'))],
  ])('SR-30: that cannot be had leaves the current one, and is told: %s', async (code, readPending) => {
    const { secret, script, scheduler, told } = await watchOne('old', 'pending');
    script.readPending = readPending;
    const refusal = refuse(secret);
    await scheduler.advance(3 * SECOND_MS);
    expect(await refusal).toBe('unchanged');
    expect(secret.current().expose()).toBe('old');
    expect(told).toEqual([`refreshFailed PASSWORD ${code}`]);
    await scheduler.advance(60 * SECOND_MS);
    expect(told[1]).toMatch(/^recovered PASSWORD/);
  });

  it('SR-51: is taken whole, or not at all', async () => {
    const { watch, script } = createTestStore({ read: gives(credentials('app', 'old')) });
    const user = await watch('aws-sm://service#username', 'USER');
    const password = await watch('aws-sm://service#password', 'PASSWORD');
    script.readPending = gives(`{"username":"app_b","pass":"${canary()}"}`);
    expect(await refuse(password)).toBe('unchanged');
    expect([user.current().expose(), password.current().expose()]).toEqual(['app', 'old']);
  });

  it('SR-30: is asked for once by 1,000 callers at once', async () => {
    const { secret, counts } = await watchOne('old', 'pending');
    const outcomes = await Promise.all(Array.from({ length: 1_000 }, () => refuse(secret)));
    expect(new Set(outcomes)).toEqual(new Set(['changed']));
    expect(counts).toMatchObject({ reads: 2, pendingReads: 1 });
  });
});
