import { describe, expect, it } from 'vitest';

import type { LiveSecret, SecretLease } from '../../src/index.ts';
import { fails, gives, hangs } from './support/scripted-source.ts';
import { createTestStore, credentials, type TestStore } from './support/test-store.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const REFERENCE = 'vault://database/creds/app#password';

/** The middle of 60 % and 66.7 % of an hour. */
const RENEWED_AFTER_MS = HOUR_MS * (0.6 + (2 / 3 - 0.6) / 2);

function lease(durationMs: number, renewal: SecretLease['renewal'] = 'renewable'): SecretLease {
  return { id: 'database/creds/app/1', durationMs, renewal };
}

type LeasedStore = TestStore & { readonly secret: LiveSecret };

async function watchLeased(held: SecretLease, options = {}): Promise<LeasedStore> {
  const read = gives(credentials('v-app-1', 'one'), { lease: held });
  const test = createTestStore({ read, renew: (current) => Promise.resolve(current) }, options);
  return { ...test, secret: await test.watch(REFERENCE) };
}

function leaseOf({ store }: TestStore): unknown {
  return store.statuses()[0]?.lease;
}

describe('a leased document', () => {
  it.each([0, 1 - 2 ** -32])(
    'SR-52: is due before two thirds of its lease have passed, with a draw of %d',
    async (draw) => {
      const { scheduler } = await watchLeased(lease(HOUR_MS), { random: () => draw });
      const [endMs, nextMs = 0] = scheduler.due().released;
      expect(endMs).toBe(HOUR_MS);
      expect(nextMs).toBeGreaterThanOrEqual(HOUR_MS * 0.6);
      expect(nextMs).toBeLessThanOrEqual((HOUR_MS * 2) / 3);
    },
  );

  it('SR-52: is renewed, again and again, and its value stays', async () => {
    const test = await watchLeased(lease(HOUR_MS));
    const { secret, scheduler, counts, told } = test;
    await scheduler.advance(24 * HOUR_MS);
    expect(secret.current().expose()).toBe('one');
    expect(counts.reads).toBe(1);
    expect(counts.renewals).toBeGreaterThanOrEqual(36);
    expect(told).toEqual([]);
    expect(leaseOf(test)).toMatchObject({ durationMs: HOUR_MS, state: 'held' });
    const { readAtMs = 0 } = test.store.statuses()[0] ?? {};
    expect(scheduler.now() - readAtMs).toBeLessThan(HOUR_MS);
  });

  it('SR-52: that is final is read anew, well before its end', async () => {
    const { secret, script, scheduler, counts, told } = await watchLeased(lease(HOUR_MS, 'final'));
    script.read = gives(credentials('v-app-2', 'two'), { lease: lease(HOUR_MS, 'final') });
    await scheduler.advance(RENEWED_AFTER_MS - 1);
    expect(secret.current().expose()).toBe('one');
    await scheduler.advance(2);
    expect(secret.current().expose()).toBe('two');
    expect(counts).toMatchObject({ reads: 2, renewals: 0 });
    expect(told).toEqual(['changed PASSWORD']);
  });

  it('SR-52: whose source cannot renew is read anew', async () => {
    const { secret, script, scheduler } = await watchLeased(lease(HOUR_MS));
    delete script.renew;
    script.read = gives(credentials('v-app-2', 'two'), { lease: lease(HOUR_MS) });
    await scheduler.advance(RENEWED_AFTER_MS + 1);
    expect(secret.current().expose()).toBe('two');
  });

  it.each([
    ['fails', fails('access-denied')],
    ['is away', fails('unavailable')],
    ['breaks', () => Promise.reject(new Error('x'))],
    ['hangs', hangs()],
    ['grants less than half', () => Promise.resolve(lease(HOUR_MS / 2 - 1))],
    ['grants nothing', () => Promise.resolve(lease(0))],
    ['grants what is no number', () => Promise.resolve(lease(Number.NaN))],
  ])('SR-52: is read anew at once when its renewal %s', async (_how, renew) => {
    const test = await watchLeased(lease(HOUR_MS));
    const { secret, script, scheduler, counts, told } = test;
    script.renew = renew;
    script.read = gives(credentials('v-app-2', 'two'), { lease: lease(HOUR_MS) });
    await scheduler.advance(RENEWED_AFTER_MS + 3 * SECOND_MS + 1);
    expect(secret.current().expose()).toBe('two');
    expect(counts).toMatchObject({ reads: 2, renewals: 1 });
    expect(told).toEqual(['changed PASSWORD']);
    expect(leaseOf(test)).toMatchObject({ durationMs: HOUR_MS, state: 'held' });
  });

  it('SR-52: half of the original duration is enough, a smaller half of a renewed one is not', async () => {
    const { script, scheduler, counts } = await watchLeased(lease(HOUR_MS));
    script.renew = () => Promise.resolve(lease(HOUR_MS / 2));
    await scheduler.advance(RENEWED_AFTER_MS + 1);
    expect(counts).toMatchObject({ reads: 1, renewals: 1 });
    script.renew = () => Promise.resolve(lease(HOUR_MS / 4));
    await scheduler.advance(HOUR_MS / 2);
    expect(counts).toMatchObject({ reads: 2, renewals: 2 });
  });

  it('SR-30: renewing and reading together end after 10 s', async () => {
    const { script, scheduler, counts, told } = await watchLeased(lease(HOUR_MS));
    script.renew = hangs();
    script.read = hangs();
    // 3 s for the renewal, and 3 attempts of 3 s each, the last of which is cut short.
    await scheduler.advance(RENEWED_AFTER_MS + 9_999);
    expect({ told, counts }).toMatchObject({ told: [], counts: { reads: 4, renewals: 1 } });
    await scheduler.advance(2);
    expect(told).toEqual(['refreshFailed PASSWORD timeout']);
  });

  it('SR-52: is tried again, with pauses that double up to a minute, until there is a new one', async () => {
    const { secret, script, scheduler, told } = await watchLeased(lease(HOUR_MS, 'final'));
    const attemptsAtMs: number[] = [];
    script.read = () => {
      attemptsAtMs.push(scheduler.now());
      return fails('access-denied')();
    };
    await scheduler.advance(RENEWED_AFTER_MS + 260 * SECOND_MS);
    const pauses = attemptsAtMs.slice(1).map((instant, index) => instant - (attemptsAtMs[index] ?? 0));
    expect(pauses.map(Math.round)).toEqual([4_000, 8_000, 16_000, 32_000, 48_000, 48_000, 48_000, 48_000]);
    script.read = gives(credentials('v-app-2', 'two'), { lease: lease(HOUR_MS, 'final') });
    await scheduler.advance(60 * SECOND_MS);
    expect(secret.current().expose()).toBe('two');
    expect(told).toEqual([
      'refreshFailed PASSWORD access-denied',
      'changed PASSWORD',
      expect.stringContaining('recovered'),
    ]);
  });

  it('SR-52: whose lease ends unrenewed is told once as expired, kept, and tried on', async () => {
    const test = await watchLeased(lease(HOUR_MS));
    const { secret, script, scheduler, told } = test;
    const startedAtMs = scheduler.now();
    script.renew = fails('unavailable');
    script.read = fails('unavailable');
    await scheduler.advance(HOUR_MS - 1);
    expect(told).toEqual(['refreshFailed PASSWORD unavailable']);
    await scheduler.advance(1);
    expect(told.slice(1)).toEqual(['leaseExpired PASSWORD']);
    await scheduler.advance(HOUR_MS);
    expect(told.slice(2)).toEqual([]);
    expect(secret.current().expose()).toBe('one');
    expect(leaseOf(test)).toEqual({ endsAtMs: startedAtMs + HOUR_MS, durationMs: HOUR_MS, state: 'expired' });
    script.read = gives(credentials('v-app-2', 'two'), { lease: lease(HOUR_MS) });
    await scheduler.advance(60 * SECOND_MS);
    expect(secret.current().expose()).toBe('two');
    expect(leaseOf(test)).toMatchObject({ state: 'held' });
  });

  it('SR-52: is not renewed once it has ended', async () => {
    const { script, scheduler, counts } = await watchLeased(lease(HOUR_MS));
    script.renew = fails('unavailable');
    script.read = fails('access-denied');
    await scheduler.advance(HOUR_MS);
    const { renewals } = counts;
    await scheduler.advance(HOUR_MS);
    expect(counts.renewals).toBe(renewals);
  });

  it('SR-52: a short grant counts until there is a new document', async () => {
    const test = await watchLeased(lease(HOUR_MS));
    const { script, scheduler, told } = test;
    script.renew = () => Promise.resolve(lease(60 * SECOND_MS));
    script.read = fails('access-denied');
    await scheduler.advance(RENEWED_AFTER_MS + 1);
    expect(leaseOf(test)).toMatchObject({ durationMs: 60 * SECOND_MS });
    script.renew = fails('access-denied');
    await scheduler.advance(60 * SECOND_MS);
    expect(told).toContain('leaseExpired PASSWORD');
  });

  it.each([0, -1, Number.NaN])('SR-52: a grant of %d ms leaves the lease as it was', async (ms) => {
    const test = await watchLeased(lease(HOUR_MS));
    const { script, scheduler, told } = test;
    script.renew = () => Promise.resolve(lease(ms));
    script.read = fails('access-denied');
    await scheduler.advance(RENEWED_AFTER_MS + 60 * SECOND_MS);
    expect(leaseOf(test)).toMatchObject({ durationMs: HOUR_MS, state: 'held' });
    expect(told).toEqual(['refreshFailed PASSWORD access-denied']);
  });

  it('SR-52: new credentials are read when the old ones are refused, though the lease is good', async () => {
    const { secret, script, counts } = await watchLeased(lease(HOUR_MS));
    script.read = gives(credentials('v-app-2', 'two'), { lease: lease(HOUR_MS) });
    expect(await secret.refused(secret.current())).toBe('changed');
    expect(counts).toMatchObject({ reads: 2, renewals: 0 });
  });

  it('SR-52: a refusal that meets a renewal reads new credentials after it', async () => {
    const { secret, script, scheduler, counts } = await watchLeased(lease(HOUR_MS));
    const renewal = Promise.withResolvers<SecretLease>();
    script.renew = () => renewal.promise;
    script.read = gives(credentials('v-app-2', 'two'), { lease: lease(HOUR_MS) });
    await scheduler.advance(RENEWED_AFTER_MS + 1);
    const refusals = Array.from({ length: 100 }, () => secret.refused(secret.current()));
    renewal.resolve(lease(HOUR_MS));
    expect(new Set(await Promise.all(refusals))).toEqual(new Set(['changed']));
    expect(counts).toMatchObject({ reads: 2, renewals: 1 });
  });

  it('SR-30: a lease of a moment asks the source once a second, not without end', async () => {
    const { scheduler, counts } = await watchLeased(lease(1, 'final'));
    await scheduler.advance(10 * SECOND_MS);
    expect(counts.reads).toBe(11);
  });

  it.each([0, -1, Number.NaN, Infinity])(
    'a lease of %d ms is none: the document has the rhythm of others',
    async (ms) => {
      const test = await watchLeased(lease(ms));
      expect(leaseOf(test)).toBeUndefined();
      expect(test.scheduler.due().released).toEqual([48_000]);
    },
  );

  it('SR-52: its age is that of its lease’s beginning', async () => {
    const { scheduler, store } = await watchLeased(lease(HOUR_MS));
    await scheduler.advance(90 * SECOND_MS);
    expect(store.statuses()).toMatchObject([{ ageMs: 90 * SECOND_MS }]);
  });

  it('leaves no timer of a lease behind that a later reading does not have', async () => {
    const { script, scheduler, store, told } = await watchLeased(lease(HOUR_MS));
    script.read = gives(credentials('v-app-2', 'two'));
    await store.refresh();
    expect(scheduler.due().released).toEqual([48_000]);
    await scheduler.advance(2 * HOUR_MS);
    expect(told).toEqual(['changed PASSWORD']);
  });
});
