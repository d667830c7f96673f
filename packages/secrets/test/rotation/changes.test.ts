import { describe, expect, it } from 'vitest';

import type { LiveSecret } from '../../src/index.ts';
import { fails, gives } from './support/scripted-source.ts';
import { createTestStore, credentials, recorder, type TestStore } from './support/test-store.ts';

interface Pair extends TestStore {
  readonly user: LiveSecret;
  readonly password: LiveSecret;
  /** The two values, taken in one turn. */
  readonly pair: () => string;
}

async function watchPair(): Promise<Pair> {
  const test = createTestStore({ read: gives(credentials('app_a', 'one')) });
  const user = await test.watch('aws-sm://service#username', 'USER');
  const password = await test.watch('aws-sm://service#password', 'PASSWORD');
  return { ...test, user, password, pair: () => `${user.current().expose()}/${password.current().expose()}` };
}

describe('two secrets of one document', () => {
  it('SR-52: change together: no listener and no turn of the event loop sees halves', async () => {
    const { user, password, pair, script, store } = await watchPair();
    const { seen, listener } = recorder(pair);
    user.subscribe(listener);
    password.subscribe(listener);
    const answer = Promise.withResolvers<{ text: string }>();
    script.read = () => answer.promise;
    const refreshing = store.refresh();
    seen.push(pair());
    answer.resolve({ text: credentials('app_b', 'two') });
    for (let turn = 0; turn < 50; turn += 1) {
      await Promise.resolve();
      seen.push(pair());
    }
    await refreshing;
    expect([...new Set(seen)]).toEqual(['app_a/one', 'app_b/two']);
  });

  it('SR-52: tell of a change only where there is one', async () => {
    const { user, password, pair, script, store, told } = await watchPair();
    const recorders = { user: recorder(pair), password: recorder(pair) };
    user.subscribe(recorders.user.listener);
    password.subscribe(recorders.password.listener);
    script.read = gives(credentials('app_a', 'two'));
    await store.refresh();
    expect([recorders.user.seen, recorders.password.seen]).toEqual([[], ['app_a/two']]);
    expect(told).toEqual(['changed PASSWORD']);
  });

  it('SR-52: a secret that joins while a refresh is under way belongs to the same reading', async () => {
    const { pair, script, store, watch, user } = await watchPair();
    const answer = Promise.withResolvers<{ text: string }>();
    script.read = () => answer.promise;
    const refreshing = store.refresh();
    const late = await watch('aws-sm://service#password', 'LATE');
    expect(`${user.current().expose()}/${late.current().expose()}`).toBe('app_a/one');
    answer.resolve({ text: credentials('app_b', 'two') });
    await refreshing;
    expect([pair(), late.current().expose()]).toEqual(['app_b/two', 'two']);
  });

  it('SR-52: the same text in another order of fields is no change', async () => {
    const { script, store, told } = await watchPair();
    script.read = gives('{ "other": 1, "password": "one", "username": "app_a" }');
    await store.refresh();
    expect(told).toEqual([]);
  });
});

describe('a listener', () => {
  it('SR-52: finds the new value when it is called', async () => {
    const { password, script, store } = await watchPair();
    const { seen, listener } = recorder(() => password.current().expose());
    password.subscribe(listener);
    script.read = gives(credentials('app_a', 'two'));
    await store.refresh();
    expect(seen).toEqual(['two']);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('that %s is reported, and holds nobody up', async (_how, broken) => {
    const { password, script, store, told } = await watchPair();
    const { seen, listener } = recorder(() => 'called');
    password.subscribe(broken);
    password.subscribe(listener);
    script.read = gives(credentials('app_a', 'two'));
    await store.refresh();
    expect(seen).toEqual(['called']);
    expect(told).toEqual(['changed PASSWORD', 'listenerFailed PASSWORD Error: broken']);
  });

  it('that hangs holds nobody up', async () => {
    const { password, script, store } = await watchPair();
    const { seen, listener } = recorder(() => 'called');
    password.subscribe(() => new Promise(() => undefined));
    password.subscribe(listener);
    for (const value of ['two', 'three']) {
      script.read = gives(credentials('app_a', value));
      await store.refresh();
    }
    expect(seen).toEqual(['called', 'called']);
    await store.close();
  });

  it('is not called once its subscription has ended, not even by the change that ends it', async () => {
    const { user, password, script, store } = await watchPair();
    const { seen, listener } = recorder(() => 'called');
    const ends: (() => void)[] = [];
    const endAll = (): void => {
      for (const end of ends) end();
    };
    user.subscribe(endAll);
    ends.push(password.subscribe(listener), user.subscribe(listener));
    script.read = gives(credentials('app_b', 'two'));
    await store.refresh();
    expect(seen).toEqual([]);
  });

  it('SR-38: that closes the store is the last one that is called', async () => {
    const { user, password, script, store } = await watchPair();
    const { seen, listener } = recorder(() => 'called');
    user.subscribe(() => store.close());
    user.subscribe(listener);
    password.subscribe(listener);
    script.read = gives(credentials('app_b', 'two'));
    await store.refresh();
    expect(seen).toEqual([]);
    expect(password.current().expose()).toBe('two');
  });

  it('that subscribes another one when it is called makes it hear of the next change only', async () => {
    const { password, script, store } = await watchPair();
    const { seen, listener } = recorder(() => password.current().expose());
    const subscribeOnce = password.subscribe(() => {
      password.subscribe(listener);
      subscribeOnce();
    });
    script.read = gives(credentials('app_a', 'two'));
    await store.refresh();
    expect(seen).toEqual([]);
    script.read = gives(credentials('app_a', 'three'));
    await store.refresh();
    expect(seen).toEqual(['three']);
  });

  it('that is subscribed twice is called twice, and each subscription ends by itself', async () => {
    const { password, script, store } = await watchPair();
    const { seen, listener } = recorder(() => 'called');
    const end = password.subscribe(listener);
    password.subscribe(listener);
    end();
    end();
    script.read = gives(credentials('app_a', 'two'));
    await store.refresh();
    expect(seen).toEqual(['called']);
  });

  it('may ask for a refresh, or refuse the new value, without waiting for itself', async () => {
    const { password, script, store, counts } = await watchPair();
    const outcomes: unknown[] = [];
    password.subscribe(async () => {
      await store.refresh();
      outcomes.push(await password.refused(password.current()));
    });
    script.read = gives(credentials('app_a', 'two'));
    await store.refresh();
    await store.refresh();
    expect(counts.reads).toBeLessThanOrEqual(5);
    await store.close();
    expect(outcomes).toEqual(['unchanged']);
  });
});

describe('an observer that throws', () => {
  it('changes nothing', async () => {
    const fault = (): never => {
      throw new Error('the observer is broken');
    };
    const observer = {
      changed: fault,
      refreshFailed: fault,
      recovered: fault,
      leaseExpired: fault,
      ageLimitPassed: fault,
      listenerFailed: fault,
    };
    const lease = { id: 'a', durationMs: 1_000, renewal: 'final' } as const;
    const read = gives('old', { createdAtMs: 0, lease });
    const { watch, script, store, scheduler } = createTestStore({ read }, { observer });
    const secret = await watch('aws-sm://service');
    secret.subscribe(fault);
    script.read = fails('access-denied');
    await scheduler.advance(10_000);
    expect(store.statuses()).toMatchObject([{ lastFailure: 'access-denied', lease: { state: 'expired' } }]);
    script.read = gives('new');
    await scheduler.advance(60_000);
    expect(secret.current().expose()).toBe('new');
  });
});
