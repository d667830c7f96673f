import { type CounterState, createMemoryStore, SharedStoreUnavailableError } from '@redoubt/storage';

/** A shared store that a test can count the questions of, take away, or let hang. */
export class SteeredStore {
  mode: 'answers' | 'hangs' | 'away' | 'throws' = 'answers';
  /** How often it was asked since the last look. */
  #asked = 0;
  readonly #memory: ReturnType<typeof createMemoryStore>;

  constructor(now: () => number) {
    this.#memory = createMemoryStore({ now });
  }

  increment(key: string, ttlMs: number): Promise<CounterState> {
    this.#asked += 1;
    if (this.mode === 'hangs') return new Promise(() => undefined);
    if (this.mode === 'away') return Promise.reject(new SharedStoreUnavailableError('away'));
    if (this.mode === 'throws') throw new TypeError('c4n4ry');
    return this.#memory.increment(key, ttlMs);
  }

  takeCount(): number {
    const asked = this.#asked;
    this.#asked = 0;
    return asked;
  }
}
