import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import {
  createSecretStore,
  parseSecretReference,
  secretAgeLimitsMs,
  type SecretKind,
  type SecretLease,
} from '../../src/index.ts';
import { createScriptedSource, fails, gives, hangs } from './support/scripted-source.ts';
import { canary, createTestStore, credentials, idleObserver, outcomeOf, recorder } from './support/test-store.ts';

const SECOND_MS = 1_000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;

describe('statuses', () => {
  it('SR-52: tell what is known of each secret', async () => {
    const { watch, store, scheduler } = createTestStore({ read: gives('{"username":"a"}', { createdAtMs: 1 }) });
    await watch('aws-sm://service#username', 'USER', 'database-password');
    const readAtMs = scheduler.now();
    await scheduler.advance(SECOND_MS);
    expect(store.statuses()).toEqual([
      {
        name: 'USER',
        kind: 'database-password',
        reference: 'aws-sm://service#username',
        document: 'aws-sm://service',
        stage: 'current',
        readAtMs,
        createdAtMs: 1,
        ageMs: scheduler.now() - 1,
        ageLimitMs: 30 * DAY_MS,
      },
    ]);
  });

  it('SR-52: give the instant of the last reading that was good', async () => {
    const { watch, store, scheduler, script } = createTestStore({ read: gives('x') });
    await watch('aws-sm://service');
    const startedAtMs = scheduler.now();
    await scheduler.advance(50 * SECOND_MS);
    expect(store.statuses()).toMatchObject([{ readAtMs: startedAtMs + 48 * SECOND_MS }]);
    script.read = fails('unavailable');
    await scheduler.advance(500 * SECOND_MS);
    expect(store.statuses()).toMatchObject([{ readAtMs: startedAtMs + 48 * SECOND_MS }]);
  });

  it('give no age where the source tells none, and none below zero', async () => {
    const { watch, store, scheduler, script } = createTestStore({ read: gives('x') });
    await watch('aws-sm://service');
    expect(store.statuses()[0]).not.toHaveProperty('ageMs');
    script.read = gives('x', { createdAtMs: scheduler.now() + DAY_MS });
    await store.refresh();
    expect(store.statuses()).toMatchObject([{ ageMs: 0 }]);
  });

  it('SR-51: nothing that can be printed shows a value or a version', async () => {
    const [secret, version] = [canary(), canary()];
    const { watch, store, script, told, scheduler } = createTestStore({
      read: gives(credentials(secret, secret), { version }),
    });
    const live = await watch('vault://database/creds/app#password');
    const errors: unknown[] = [];
    for (const read of [
      gives(secret),
      gives(`{"password":{"value":"${secret}"}}`),
      () => Promise.reject(new Error(secret)),
      gives(credentials(canary(), canary())),
    ]) {
      script.read = read;
      const refreshing = store.refresh();
      await scheduler.advance(10 * SECOND_MS);
      await refreshing;
      errors.push(await outcomeOf(watch('vault://database/creds/app#other', 'OTHER')));
    }
    const everything = { live, store, statuses: store.statuses(), told, errors };
    const printed = inspect(everything, { showHidden: true, depth: Infinity, getters: true });
    expect(`${printed}${JSON.stringify(everything)}`).not.toContain(secret);
    expect(`${printed}${JSON.stringify(everything)}`).not.toContain(version);
  });

  it('SR-51: an observer gets an error that shows nothing of what a provider threw', async () => {
    const secret = canary();
    const errors: unknown[] = [];
    const refreshFailed = (...facts: unknown[]): void => {
      errors.push(facts);
    };
    const observer = { ...idleObserver(), refreshFailed };
    const { watch, store, scheduler, script } = createTestStore({ read: gives('x') }, { observer });
    await watch('aws-sm://service');
    script.read = () => Promise.reject(new Error(secret));
    const failing = store.refresh();
    await scheduler.advance(10 * SECOND_MS);
    await failing;
    expect(errors).toMatchObject([['PASSWORD', 'unavailable', { code: 'unavailable' }]]);
    expect(inspect(errors, { showHidden: true, depth: Infinity })).not.toContain(secret);
  });
});

describe('an age limit', () => {
  it.each([
    ['signing-key', 90],
    ['database-password', 30],
    ['tls-key', 90],
    ['backup-key', 365],
    ['password', 90],
  ] as const)('SR-52: of a %s is %d days, and is told once when it has passed', async (kind, days) => {
    const { watch, script, scheduler, told } = createTestStore({ read: gives('x') });
    const createdAtMs = scheduler.now() - days * DAY_MS + 100 * SECOND_MS;
    script.read = gives('x', { createdAtMs });
    await watch('aws-sm://service', 'SECRET', kind);
    await scheduler.advance(100 * SECOND_MS);
    expect(told).toEqual([]);
    await scheduler.advance(DAY_MS);
    expect(told).toEqual(['ageLimitPassed SECRET']);
  });

  it('SR-52: is told at the start, and again for another version', async () => {
    const { watch, script, store, told } = createTestStore({ read: gives('old', { createdAtMs: 0 }) });
    await watch('aws-sm://service');
    expect(told).toEqual(['ageLimitPassed PASSWORD']);
    script.read = gives('new', { createdAtMs: 1 });
    await store.refresh();
    expect(told.slice(1)).toEqual(['changed PASSWORD', 'ageLimitPassed PASSWORD']);
  });

  it('SR-52: there is one for each kind', () => {
    const kinds: readonly SecretKind[] = ['signing-key', 'database-password', 'tls-key', 'backup-key', 'password'];
    expect(Object.keys(secretAgeLimitsMs).toSorted()).toEqual(kinds.toSorted());
  });
});

describe('a store that is closed', () => {
  it('SR-38: has no timers, calls nobody, and asks no source; its values are there still', async () => {
    const { watch, store, scheduler, script, counts, told } = createTestStore({
      read: gives('x', { lease: { id: 'a', durationMs: 600 * SECOND_MS, renewal: 'final' } }),
    });
    const secret = await watch('aws-sm://service');
    await secret.refused(secret.current());
    await store.close();
    expect(scheduler.due()).toEqual({ holding: [], released: [] });
    script.read = gives('y');
    const { reads } = counts;
    await store.refresh();
    expect(await secret.refused(secret.current())).toBe('unchanged');
    expect(scheduler.due()).toEqual({ holding: [], released: [] });
    await scheduler.advance(DAY_MS);
    expect(counts).toMatchObject({ reads, closes: 1 });
    expect(told).toEqual([]);
    expect(secret.current().expose()).toBe('x');
  });

  it('SR-38: closes its sources once, however often it is closed', async () => {
    const { store, counts } = createTestStore({ read: gives('x') });
    await Promise.all([store.close(), store.close()]);
    await store.close();
    expect(counts.closes).toBe(1);
  });

  it('SR-38: ends a refresh that is under way, before it closes its sources', async () => {
    const { watch, store, scheduler, script, counts, told } = createTestStore({ read: gives('old') });
    const secret = await watch('aws-sm://service');
    const { seen: calls, listener } = recorder(() => 'called');
    secret.subscribe(listener);
    const answer = Promise.withResolvers<{ text: string }>();
    const seen: unknown[] = [];
    script.read = (signal) => {
      signal.addEventListener('abort', () => seen.push(counts.closes));
      return answer.promise;
    };
    const refreshing = store.refresh();
    const refusal = secret.refused(secret.current());
    await scheduler.advance(0);
    await store.close();
    expect(seen).toEqual([0]);
    answer.resolve({ text: 'new' });
    await refreshing;
    expect(await refusal).toBe('unchanged');
    expect(scheduler.due()).toEqual({ holding: [], released: [] });
    await scheduler.advance(60 * SECOND_MS);
    expect({ told, calls, value: secret.current().expose() }).toEqual({ told: [], calls: [], value: 'old' });
    expect(scheduler.due()).toEqual({ holding: [], released: [] });
  });

  it.each(['reading', 'renewal', 'pending version', 'first reading'] as const)(
    'SR-38: takes no answer that comes in the turn in which it is closed: a %s',
    async (what) => {
      // Each number of turns is another place between the answer and what is made of it.
      for (let turns = 0; turns < 40; turns += 1) {
        const answer = Promise.withResolvers<{ text: string }>();
        const grant = Promise.withResolvers<SecretLease>();
        const lease: SecretLease = { id: 'a', durationMs: 60 * SECOND_MS, renewal: 'renewable' };
        const { watch, store, script, scheduler, told } = createTestStore({
          read: what === 'first reading' ? () => answer.promise : gives('old', what === 'renewal' ? { lease } : {}),
          readPending: () => answer.promise,
          renew: () => grant.promise,
        });
        const watching = watch('aws-sm://service').catch(() => undefined);
        await scheduler.advance(what === 'renewal' ? 39 * SECOND_MS : 0);
        if (what === 'reading') script.read = () => answer.promise;
        const secret = what === 'first reading' ? undefined : await watching;
        if (what === 'pending version') void secret?.refused(secret.current());
        if (what === 'reading') void store.refresh();
        await scheduler.advance(0);
        told.length = 0;
        answer.resolve({ text: 'new' });
        grant.resolve(lease);
        for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
        const before = { value: secret?.current().expose(), told: [...told] };
        await store.close();
        await watching;
        await scheduler.advance(0);
        expect({ value: secret?.current().expose(), told }).toEqual(before);
        expect(scheduler.due()).toEqual({ holding: [], released: [] });
      }
    },
  );

  it.each([
    ['hangs', hangs()],
    ['is away', fails('unavailable')],
  ])('SR-38: ends a first reading whose source %s', async (_how, read) => {
    const { watch, store, scheduler } = createTestStore({ read });
    const outcome = outcomeOf(watch('aws-sm://service'));
    await scheduler.advance(SECOND_MS);
    await store.close();
    expect(await outcome).toMatchObject({ code: 'unavailable' });
    expect(scheduler.due()).toEqual({ holding: [], released: [] });
  });
});

describe('a store with the system’s timers and random numbers', () => {
  it('reads, refreshes and closes', async () => {
    const source = createScriptedSource({ read: gives('old') });
    const store = createSecretStore({ sources: source.sources, observer: idleObserver() });
    const secret = await store.watch(parseSecretReference('aws-sm://service'), { name: 'KEY', kind: 'signing-key' });
    source.script.read = gives('new');
    await store.refresh();
    expect(secret.current().expose()).toBe('new');
    await store.close();
  });
});
