import { createMemoryStore, type SharedStore, SharedStoreUnavailableError } from '@redoubt/storage';

import { createRevocations, type Revocations } from '../../src/index.ts';

/** One replica's way to a store that all share; a test cuts it, or looks at it. */
export interface Replica {
  readonly revocations: Revocations;
  /** Questions that reached the store. */
  readonly asked: () => number;
  /** `silent`: messages are lost and nobody is told; `cut`: nothing works, and the subscriber is told. */
  become(state: 'connected' | 'silent' | 'cut'): void;
  /** Makes the store's next answer wait until the returned function is called; it was read before. */
  holdAnswer(): () => void;
}

/** A store and a clock that replicas share. */
export function createReplicas() {
  const store = createMemoryStore({ now: () => 0 });
  let now = 0;
  return {
    store,
    advance(milliseconds: number): void {
      now += milliseconds;
    },
    start: (): Replica => startReplica(store, () => now),
  };
}

/** Lets every message that is under way arrive. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

function startReplica(store: SharedStore, monotonicNow: () => number): Replica {
  let state: 'connected' | 'silent' | 'cut' = 'connected';
  let asked = 0;
  let hold: Promise<void> | undefined;
  const gaps: (() => void)[] = [];
  const use = <Answer>(action: () => Promise<Answer>): Promise<Answer> =>
    state === 'cut' ? Promise.reject(new SharedStoreUnavailableError('cut')) : action();
  const sharedStore: SharedStore = {
    increment: (key, ttlMs) => use(() => store.increment(key, ttlMs)),
    setIfAbsent: (key, value, ttlMs) => use(() => store.setIfAbsent(key, value, ttlMs)),
    set: (key, value, ttlMs) => use(() => store.set(key, value, ttlMs)),
    delete: (key) => use(() => store.delete(key)),
    get: (key) =>
      use(async () => {
        asked += 1;
        const value = await store.get(key);
        await hold;
        return value;
      }),
    publish: (channel, message) => use(() => store.publish(channel, message)),
    async subscribe(channel, listener, onGap) {
      if (onGap !== undefined) gaps.push(onGap);
      return use(() =>
        store.subscribe(channel, (message) => {
          if (state === 'connected') listener(message);
        }),
      );
    },
    ping: () => use(() => store.ping()),
    close: () => Promise.resolve(),
  };
  return {
    revocations: createRevocations({ sharedStore, monotonicNow }),
    asked: () => asked,
    become(next) {
      state = next;
      if (next === 'cut') for (const tell of gaps) tell();
    },
    holdAnswer() {
      const { promise, resolve } = Promise.withResolvers<void>();
      hold = promise;
      return () => {
        hold = undefined;
        resolve();
      };
    },
  };
}
