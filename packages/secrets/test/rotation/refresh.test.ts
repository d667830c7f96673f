import { describe, expect, it } from 'vitest';

import { fails, gives, hangs } from './support/scripted-source.ts';
import { canary, createTestStore, credentials, recorder } from './support/test-store.ts';

const SECOND_MS = 1_000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;

/** The least and the greatest number that a draw may give. */
const LEAST = 0;
const GREATEST = 1 - 2 ** -32;

describe('the rhythm of refreshes', () => {
  it.each([
    ['aws-sm://service', undefined, 42_000, 54_000],
    ['vault://secret/service#password', undefined, 42_000, 54_000],
    ['azure-kv://store/service', undefined, 42_000, 54_000],
    ['aws-sm://service', 5_000, 3_500, 4_500],
    ['aws-sm://service', 60_000, 42_000, 54_000],
    ['file:///run/secrets/service', undefined, 7_000, 9_000],
    ['file:///run/secrets/service', 60_000, 7_000, 9_000],
  ])(
    'SR-52: draws the next one of %s (ttlMs %s) from 70 %% to 90 %% of its life',
    async (text, ttlMs, fromMs, toMs) => {
      for (const draw of [LEAST, GREATEST]) {
        const options = { random: () => draw, ...(ttlMs !== undefined && { ttlMs }) };
        const { watch, scheduler } = createTestStore({ read: gives('{"password":"x"}') }, options);
        await watch(text);
        const [dueMs] = scheduler.due().released;
        expect(dueMs).toBeCloseTo(draw === LEAST ? fromMs : toMs, 3);
      }
    },
  );

  it('SR-51: never asks for a variable of the environment again by itself', async () => {
    const { watch, scheduler } = createTestStore({ read: gives('x') });
    await watch('env://SERVICE');
    expect(scheduler.due()).toEqual({ holding: [], released: [] });
  });

  it.each([LEAST, GREATEST])('SR-52: picks a change up within 60 s, with a draw of %d', async (draw) => {
    const { watch, script, scheduler, told } = createTestStore({ read: gives('old') }, { random: () => draw });
    const secret = await watch('aws-sm://service');
    for (const value of ['new', 'newer', 'newest']) {
      script.read = gives(value);
      await scheduler.advance(60 * SECOND_MS - 1);
      expect(secret.current().expose()).toBe(value);
    }
    expect(told).toEqual(Array.from({ length: 3 }, () => 'changed PASSWORD'));
  });

  it('keeps no process alive by it', async () => {
    const { watch, scheduler, script } = createTestStore({ read: gives('x') });
    await watch('aws-sm://service');
    script.read = hangs();
    await scheduler.advance(49 * SECOND_MS);
    expect(scheduler.due().holding).toEqual([]);
  });

  it('tells of nothing, and calls nobody, when nothing has changed', async () => {
    const { watch, scheduler, told, counts } = createTestStore({ read: gives('same') });
    const secret = await watch('aws-sm://service');
    const before = secret.current();
    const { seen: calls, listener } = recorder(() => 'called');
    secret.subscribe(listener);
    await scheduler.advance(600 * SECOND_MS);
    expect(counts.reads).toBeGreaterThan(10);
    expect({ told, calls }).toEqual({ told: [], calls: [] });
    expect(secret.current()).toBe(before);
  });
});

describe('attempts', () => {
  it('SR-30: one that hangs ends after 3 s, and its signal says so', async () => {
    const { watch, script, scheduler, counts } = createTestStore({ read: gives('x') });
    await watch('aws-sm://service');
    const signals: AbortSignal[] = [];
    script.read = (signal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    await scheduler.advance(48 * SECOND_MS + 2_999);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await scheduler.advance(1);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(counts.reads).toBe(2);
  });

  it('SR-30: are three, with pauses drawn from 0.2 s and 0.4 s', async () => {
    for (const [draw, pausesMs] of [
      [0.5, [100, 200]],
      [LEAST, [0, 0]],
    ] as const) {
      const { watch, script, scheduler, store } = createTestStore({ read: gives('x') }, { random: () => draw });
      await watch('aws-sm://service');
      const attemptsAtMs: number[] = [];
      script.read = () => {
        attemptsAtMs.push(scheduler.now());
        return fails('unavailable')();
      };
      const refreshing = store.refresh();
      await scheduler.advance(30 * SECOND_MS);
      await refreshing;
      const pauses = attemptsAtMs.slice(1).map((instant, index) => instant - (attemptsAtMs[index] ?? 0));
      expect(pauses).toEqual(pausesMs);
    }
  });

  it('SR-52: bridge a short hiccup without anybody hearing of it', async () => {
    const { watch, script, scheduler, told } = createTestStore({ read: gives('old') });
    const secret = await watch('aws-sm://service');
    const answers = [fails('throttled'), fails('timeout'), gives('new')];
    script.read = () => (answers.shift() ?? gives('new'))();
    await scheduler.advance(49 * SECOND_MS);
    expect(secret.current().expose()).toBe('new');
    expect(told).toEqual(['changed PASSWORD']);
  });

  it.each(['access-denied', 'not-found', 'field-missing'] as const)(
    'SR-30: there is one only when another cannot succeed: %s',
    async (code) => {
      const { watch, script, store, counts } = createTestStore({ read: gives('x') });
      await watch('aws-sm://service');
      script.read = fails(code);
      await store.refresh();
      expect(counts.reads).toBe(2);
    },
  );

  it('SR-52: the answer of one that was given up is nobody’s', async () => {
    const { watch, script, scheduler, told } = createTestStore({ read: gives('old') });
    const secret = await watch('aws-sm://service');
    const late = Promise.withResolvers<{ text: string }>();
    script.read = () => late.promise;
    await scheduler.advance(48 * SECOND_MS + 3_000);
    script.read = gives('old');
    await scheduler.advance(SECOND_MS);
    late.resolve({ text: 'too late' });
    await scheduler.advance(10 * SECOND_MS);
    expect(secret.current().expose()).toBe('old');
    expect(told).toEqual([]);
  });

  it('SR-30: a refusal of one that was given up is nobody’s, either', async () => {
    const { watch, script, scheduler, store } = createTestStore({ read: gives('x') });
    await watch('aws-sm://service');
    script.read = (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      });
    const refreshing = store.refresh();
    await scheduler.advance(10 * SECOND_MS);
    await refreshing;
    expect(store.statuses()).toMatchObject([{ lastFailure: 'timeout' }]);
  });
});

describe('rounds', () => {
  it('SR-30: there is one for all who ask for it at once, and at most one more for all refusals', async () => {
    const { watch, script, store, counts } = createTestStore({ read: gives('old') });
    const secret = await watch('aws-sm://service');
    const answer = Promise.withResolvers<{ text: string }>();
    script.read = () => answer.promise;
    const refreshes = Array.from({ length: 100 }, () => store.refresh());
    const refusals = Array.from({ length: 100 }, () => secret.refused(secret.current()));
    answer.resolve({ text: 'new' });
    await Promise.all(refreshes);
    expect(new Set(await Promise.all(refusals))).toEqual(new Set(['changed']));
    expect(counts.reads).toBe(3);
  });

  it('SR-52: there is one more for who asks while one is under way, and the next a life later', async () => {
    const { watch, script, scheduler, store, counts } = createTestStore({ read: gives('old') });
    const secret = await watch('aws-sm://service');
    const answer = Promise.withResolvers<{ text: string }>();
    script.read = () => answer.promise;
    await scheduler.advance(48 * SECOND_MS);
    const refreshes = Array.from({ length: 100 }, () => store.refresh());
    script.read = gives('new');
    answer.resolve({ text: 'old' });
    await Promise.all(refreshes);
    expect(secret.current().expose()).toBe('new');
    expect(counts.reads).toBe(3);
    expect(scheduler.due().released).toEqual([48 * SECOND_MS]);
  });

  it('SR-52: everything is read at once when a person asks for it', async () => {
    const { watch, script, store, counts } = createTestStore({ read: gives('old') });
    const secrets = [await watch('aws-sm://one', 'ONE'), await watch('env://TWO', 'TWO')];
    script.read = gives('new');
    await store.refresh();
    expect(secrets.map((secret) => secret.current().expose())).toEqual(['new', 'new']);
    expect(counts.reads).toBe(4);
  });

  it('is joined while the first reading is under way, too', async () => {
    const answer = Promise.withResolvers<{ text: string }>();
    const { watch, store, counts, scheduler } = createTestStore({ read: () => answer.promise });
    const watching = watch('aws-sm://service');
    const { seen, listener } = recorder(() => 'refreshed');
    const refreshing = store.refresh().then(listener);
    await scheduler.advance(0);
    expect(seen).toEqual([]);
    answer.resolve({ text: 'x' });
    await Promise.all([watching, refreshing]);
    expect(counts.reads).toBe(1);
  });
});

describe('an outage', () => {
  it('SR-52: leaves the last good value, for as long as it lasts', async () => {
    const value = canary();
    const { watch, script, scheduler, store } = createTestStore({ read: gives(value) });
    const secret = await watch('aws-sm://service');
    script.read = fails('unavailable');
    await scheduler.advance(2 * DAY_MS);
    expect(secret.current().expose()).toBe(value);
    expect(store.statuses()).toMatchObject([{ lastFailure: 'unavailable' }]);
  });

  it('SR-52: is told once when it begins, and once when it ends', async () => {
    const { watch, script, scheduler, told, store } = createTestStore({ read: gives('old') });
    await watch('aws-sm://service');
    const startedAtMs = scheduler.now();
    script.read = fails('access-denied');
    await scheduler.advance(480 * SECOND_MS);
    expect(told).toEqual(['refreshFailed PASSWORD access-denied']);
    script.read = fails('not-found');
    await scheduler.advance(48 * SECOND_MS);
    expect(store.statuses()).toMatchObject([{ failedSinceMs: startedAtMs + 48_000, lastFailure: 'not-found' }]);
    script.read = gives('new');
    await scheduler.advance(48 * SECOND_MS);
    expect(told.slice(1)).toEqual(['changed PASSWORD', 'recovered PASSWORD 528000']);
    expect(store.statuses()[0]).not.toHaveProperty('lastFailure');
    expect(store.statuses()[0]).not.toHaveProperty('failedSinceMs');
    script.read = fails('throttled');
    await scheduler.advance(60 * SECOND_MS);
    expect(told.slice(3)).toEqual(['refreshFailed PASSWORD throttled']);
  });

  it('is not shorter than nothing when the clock is set back', async () => {
    let shiftMs = 0;
    const now = (): number => Date.UTC(2026, 0, 1) + shiftMs;
    const { watch, script, store, told } = createTestStore({ read: gives('x') }, { now });
    await watch('aws-sm://service');
    script.read = fails('not-found');
    await store.refresh();
    shiftMs = -DAY_MS;
    script.read = gives('x');
    await store.refresh();
    expect(told).toEqual(['refreshFailed PASSWORD not-found', 'recovered PASSWORD 0']);
  });

  it('SR-52: a new value is picked up within 60 s of its end', async () => {
    const { watch, script, scheduler } = createTestStore({ read: gives('old') }, { random: () => GREATEST });
    const secret = await watch('aws-sm://service');
    script.read = fails('unavailable');
    await scheduler.advance(1_000 * SECOND_MS);
    script.read = gives('new');
    await scheduler.advance(60 * SECOND_MS);
    expect(secret.current().expose()).toBe('new');
  });

  it('SR-51: an unknown error is reported as an absent source, and safe to print', async () => {
    const secret = canary();
    const { watch, script, scheduler, told, store } = createTestStore({ read: gives('x') });
    await watch('aws-sm://service');
    script.read = () => {
      throw new TypeError(secret);
    };
    const refreshing = store.refresh();
    await scheduler.advance(10 * SECOND_MS);
    await refreshing;
    expect(told).toEqual(['refreshFailed PASSWORD unavailable']);
  });

  it.each([
    ['not-json', ''],
    ['not-json', 'half a doc'],
    ['field-missing', '{"username":"app"}'],
    ['empty', credentials('app', ' ')],
    ['empty', credentials('', 'new')],
    ['field-missing', '{"username":1,"password":"new"}'],
  ])('SR-51: a reading with one bad field is refused as a whole: %s, %j', async (code, text) => {
    const { watch, script, store, told } = createTestStore({ read: gives(credentials('app', 'old')) });
    const user = await watch('aws-sm://service#username', 'USER');
    const password = await watch('aws-sm://service#password', 'PASSWORD');
    script.read = gives(text);
    await store.refresh();
    expect([user.current().expose(), password.current().expose()]).toEqual(['app', 'old']);
    expect(told).toEqual([expect.stringContaining('refreshFailed USER'), expect.stringContaining(code)]);
  });
});
