import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import { SecretError, type SecretKind } from '../../src/index.ts';
import { fails, gives, hangs } from './support/scripted-source.ts';
import { canary, createTestStore, credentials, outcomeOf } from './support/test-store.ts';

const SECOND_MS = 1_000;

describe('the first reading', () => {
  it('SR-51: gives the value as a secret that does not print itself', async () => {
    const value = canary();
    const { watch } = createTestStore({ read: gives(value) });
    const secret = await watch('aws-sm://service');
    expect(secret.current().expose()).toBe(value);
    expect(inspect(secret.current())).toBe('[redacted]');
  });

  it('SR-52: is tried again until the source is there', async () => {
    const value = canary();
    const { watch, script, scheduler } = createTestStore({ read: fails('unavailable') });
    const watching = watch('aws-sm://service');
    await scheduler.advance(20 * SECOND_MS);
    script.read = gives(value);
    await scheduler.advance(5 * SECOND_MS);
    expect((await watching).current().expose()).toBe(value);
  });

  it('keeps the process alive while it is waited for, and no longer', async () => {
    const { watch, script, scheduler } = createTestStore({ read: fails('unavailable') });
    const watching = watch('aws-sm://service');
    await scheduler.advance(0);
    // The pause before the second attempt, and the deadline.
    expect(scheduler.due()).toEqual({ holding: [30_000, 100], released: [] });
    script.read = gives(canary());
    await scheduler.advance(100);
    await watching;
    expect(scheduler.due()).toEqual({ holding: [], released: [48_000] });
  });

  it('SR-30: fails after 30 s with the error of the last attempt', async () => {
    const { watch, script, scheduler } = createTestStore({ read: fails('unavailable') });
    const outcome = outcomeOf(watch('aws-sm://service'));
    await scheduler.advance(20 * SECOND_MS);
    script.read = fails('throttled');
    await scheduler.advance(10 * SECOND_MS);
    expect(await outcome).toBeInstanceOf(SecretError);
    expect(await outcome).toMatchObject({ code: 'throttled' });
    expect(scheduler.due()).toEqual({ holding: [], released: [] });
  });

  it('SR-30: fails after 30 s when the source never answers', async () => {
    const { watch, scheduler, counts } = createTestStore({ read: hangs() });
    const outcome = outcomeOf(watch('aws-sm://service'));
    await scheduler.advance(30 * SECOND_MS - 1);
    expect(scheduler.due().holding).not.toEqual([]);
    await scheduler.advance(1);
    expect(await outcome).toMatchObject({ code: 'timeout' });
    expect(counts.reads).toBeGreaterThan(5);
  });

  it.each(['not-found', 'access-denied', 'sign-in-failed', 'empty'] as const)(
    'SR-30: fails at once when no other attempt can succeed: %s',
    async (code) => {
      const { watch, counts } = createTestStore({ read: fails(code) });
      expect(await outcomeOf(watch('aws-sm://service'))).toMatchObject({ code });
      expect(counts.reads).toBe(1);
    },
  );

  it('SR-51: takes an unknown error for an absent source, and repeats nothing that it says', async () => {
    const secret = canary();
    const failing = (): Promise<never> => Promise.reject(new RangeError(`bad ${secret}\n    at ${secret}`));
    const { watch, scheduler } = createTestStore({ read: failing });
    const outcome = outcomeOf(watch('aws-sm://service'));
    await scheduler.advance(30 * SECOND_MS);
    const error = await outcome;
    expect(error).toMatchObject({ code: 'unavailable' });
    const printed = inspect(error, { showHidden: true, depth: Infinity });
    expect(printed).not.toContain(secret);
    // Where the fault is, people can see.
    expect(printed).toMatch(/RangeError\n\s+at .*failing.*watch\.test\.ts/);
  });

  it.each(['', 'another message'])('SR-51: repeats no message that an error had before: now %j', async (message) => {
    const secret = canary();
    const error = new Error(secret);
    // The text of a stack is made when it is first looked at.
    expect(error.stack).toContain(secret);
    Object.assign(error, { message });
    const { watch, scheduler } = createTestStore({ read: () => Promise.reject(error) });
    const outcome = outcomeOf(watch('aws-sm://service'));
    await scheduler.advance(30 * SECOND_MS);
    expect(inspect(await outcome, { showHidden: true, depth: Infinity })).not.toContain(secret);
  });

  it('SR-51: repeats nothing of what was thrown instead of an error', async () => {
    const secret = canary();
    const { watch, scheduler } = createTestStore({ read: () => Promise.reject(secret) });
    const outcome = outcomeOf(watch('aws-sm://service'));
    await scheduler.advance(30 * SECOND_MS);
    expect(inspect(await outcome, { showHidden: true, depth: Infinity })).not.toContain(secret);
  });

  it('SR-52: is one for all who watch the document, at once or later', async () => {
    const { watch, counts } = createTestStore({ read: gives(credentials('app', canary())) });
    const [user] = await Promise.all([
      watch('aws-sm://service#username', 'USER'),
      watch('aws-sm://service#password', 'PASSWORD'),
    ]);
    await watch('aws-sm://service#password', 'PASSWORD_TOO');
    await watch('aws-sm://service', 'DOCUMENT');
    expect(user.current().expose()).toBe('app');
    expect(counts.reads).toBe(1);
  });

  it('fails for all who wait for it', async () => {
    const { watch, store } = createTestStore({ read: fails('access-denied') });
    const outcomes = await Promise.all([
      outcomeOf(watch('aws-sm://service#username', 'USER')),
      outcomeOf(watch('aws-sm://service#password', 'PASSWORD')),
    ]);
    expect(outcomes).toMatchObject([{ code: 'access-denied' }, { code: 'access-denied' }]);
    expect(store.statuses()).toEqual([]);
  });

  it.each([
    ['field-missing', credentials('app', 'x').replace('password', 'other')],
    ['empty', credentials('app', '')],
    ['not-json', 'x'],
  ])('SR-51: is refused when the field is faulty: %s', async (code, text) => {
    const { watch, scheduler } = createTestStore({ read: gives(text) });
    expect(await outcomeOf(watch('aws-sm://service#password'))).toMatchObject({ code });
    // Nobody watches the document: it is not read on and on.
    expect(scheduler.due()).toEqual({ holding: [], released: [] });
  });

  it('can be tried anew by the same name once it has failed', async () => {
    const { watch, script } = createTestStore({ read: fails('not-found') });
    expect(await outcomeOf(watch('aws-sm://service'))).toMatchObject({ code: 'not-found' });
    script.read = gives('now');
    expect((await watch('aws-sm://service')).current().expose()).toBe('now');
  });

  it('leaves others watching when one of the fields is faulty', async () => {
    const { watch, script, scheduler } = createTestStore({ read: gives('{"username":"one"}') });
    const [user, password] = await Promise.all([
      watch('aws-sm://service#username', 'USER'),
      outcomeOf(watch('aws-sm://service#password', 'PASSWORD')),
    ]);
    expect(password).toMatchObject({ code: 'field-missing' });
    script.read = gives('{"username":"two"}');
    await scheduler.advance(60 * SECOND_MS);
    expect(user.current().expose()).toBe('two');
  });
});

describe('wrong use', () => {
  it.each(['', 'signing_key', '1KEY', 'KEY\n', 'SIGNING KEY', 'K'.repeat(129)])(
    'a name that no setting has is refused: %j',
    async (name) => {
      const { watch, counts } = createTestStore({ read: gives('x') });
      expect(await outcomeOf(watch('aws-sm://service', name))).toBeInstanceOf(TypeError);
      expect(counts.reads).toBe(0);
    },
  );

  it('a name that is taken is refused', async () => {
    const { watch } = createTestStore({ read: gives('x') });
    await watch('aws-sm://service', 'KEY');
    expect(await outcomeOf(watch('aws-sm://other', 'KEY'))).toBeInstanceOf(TypeError);
  });

  it.each(['key', '', 'toString', '__proto__'])('a kind that does not exist is refused: %j', async (kind) => {
    const { watch } = createTestStore({ read: gives('x') });
    expect(await outcomeOf(watch('aws-sm://service', 'KEY', kind as SecretKind))).toBeInstanceOf(TypeError);
  });

  it('a closed store watches nothing', async () => {
    const { watch, store, counts } = createTestStore({ read: gives('x') });
    await store.close();
    expect(await outcomeOf(watch('aws-sm://service'))).toBeInstanceOf(TypeError);
    expect(counts.reads).toBe(0);
  });

  it.each([4_999, 60_001, 5_000.5, Number.NaN, Infinity, 0, -1])('SR-52: a ttlMs of %d is refused', (ttlMs) => {
    expect(() => createTestStore({ read: gives('x') }, { ttlMs })).toThrow(RangeError);
  });
});
