import type { StorageLogger } from '../storage-logger.ts';
import { type Expiry, ExpiryQueue } from './expiry-queue.ts';
import { assertKey, assertTtl, assertValue } from './limits.ts';
import { ListenerRegistry } from './listener-registry.ts';
import { SharedStoreUnavailableError } from './shared-store-error.ts';
import type { CounterState, GapListener, MessageListener, SharedStore, Unsubscribe } from './shared-store.ts';

/** Most keys held at once: about 200 MB of short keys. A flood of new ones then costs old ones, not the process. */
export const MEMORY_STORE_MAX_KEYS = 1_000_000;

/** Expired keys forgotten in one write. More than one, so that the store shrinks; few, so that no write is slow. */
const SWEPT_PER_WRITE = 8;

/** Places of deleted keys that the queue may hold beyond the keys themselves before it is built anew. */
const MAX_STALE_PLACES = 1_024;

export interface MemoryStoreOptions {
  /** Milliseconds since the epoch. Expiry follows this clock alone; no timer runs. */
  readonly now: () => number;
  readonly maxKeys?: number;
  readonly logger?: StorageLogger;
}

/** One object for the value and for its place in the queue: a third of what a counter takes. */
interface Entry extends Expiry {
  /** A counter is kept as a number as long as nobody asks for its text. */
  value: string | number;
}

/**
 * The shared store of one process: the twin of a server, for development and tests.
 *
 * When it is full, the key that would expire soonest gives way to the new one: a limit or a nonce is forgotten a
 * little early, and which one can be steered by whoever can write many keys. Replicas do not see each other's.
 *
 * @throws {RangeError} unless `maxKeys` is a whole number of 1 or more.
 */
export function createMemoryStore(options: MemoryStoreOptions): SharedStore {
  return new MemoryStore(options);
}

/* oxlint-disable typescript/require-await -- so that wrong use rejects, as it does with a server, and never throws */
class MemoryStore implements SharedStore {
  readonly #entries = new Map<string, Entry>();
  readonly #expiries = new ExpiryQueue();
  readonly #listeners: ListenerRegistry;
  /**
   * Milliseconds since the store was made. A number of so few digits lies in its entry; a time since the epoch would be an
   * object of its own beside each of them.
   */
  readonly #now: () => number;
  readonly #maxKeys: number;
  #closed = false;

  constructor({ now, maxKeys = MEMORY_STORE_MAX_KEYS, logger }: MemoryStoreOptions) {
    if (!Number.isInteger(maxKeys) || maxKeys < 1) throw new RangeError('maxKeys must be a whole number of 1 or more');
    const madeAt = now();
    this.#now = () => Math.floor(now() - madeAt);
    this.#maxKeys = maxKeys;
    this.#listeners = new ListenerRegistry(logger);
  }

  async increment(key: string, ttlMs: number): Promise<CounterState> {
    return this.incrementNow(key, ttlMs);
  }

  incrementNow(key: string, ttlMs: number): CounterState {
    assertKey(key, 'key');
    assertTtl(ttlMs);
    const entry = this.#live(key) ?? this.#add(key, 0, ttlMs);
    const count = (typeof entry.value === 'number' ? entry.value : parseCounter(entry.value)) + 1;
    entry.value = count;
    return { count, expiresInMs: entry.expiresAt - this.#now() };
  }

  async setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean> {
    assertKey(key, 'key');
    assertValue(value, 'value');
    assertTtl(ttlMs);
    if (this.#live(key) !== undefined) return false;
    this.#add(key, value, ttlMs);
    return true;
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    assertKey(key, 'key');
    assertValue(value, 'value');
    assertTtl(ttlMs);
    this.#assertOpen();
    this.#entries.delete(key);
    this.#add(key, value, ttlMs);
  }

  async get(key: string): Promise<string | undefined> {
    assertKey(key, 'key');
    const value = this.#live(key)?.value;
    return typeof value === 'number' ? String(value) : value;
  }

  async delete(key: string): Promise<boolean> {
    assertKey(key, 'key');
    return this.#live(key) !== undefined && this.#entries.delete(key);
  }

  async publish(channel: string, message: string): Promise<number> {
    assertKey(channel, 'channel');
    assertValue(message, 'message');
    this.#assertOpen();
    // Later, as from a server: a listener never runs inside the publisher's own call.
    queueMicrotask(() => this.#listeners.deliver(channel, message));
    return this.#listeners.count(channel);
  }

  async subscribe(channel: string, listener: MessageListener, onGap?: GapListener): Promise<Unsubscribe> {
    assertKey(channel, 'channel');
    this.#assertOpen();
    const registration = this.#listeners.add(channel, listener, onGap);
    return async () => {
      this.#listeners.remove(channel, registration);
    };
  }

  async ping(): Promise<void> {
    this.#assertOpen();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#entries.clear();
    this.#expiries.reset([]);
  }

  #assertOpen(): void {
    if (this.#closed) throw new SharedStoreUnavailableError('closed');
  }

  #live(key: string): Entry | undefined {
    this.#assertOpen();
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.expiresAt > this.#now() ? entry : undefined;
  }

  #add(key: string, value: string | number, ttlMs: number): Entry {
    this.#makeRoom();
    const entry = { key, value, expiresAt: this.#now() + ttlMs };
    this.#entries.set(key, entry);
    this.#expiries.add(entry);
    return entry;
  }

  #makeRoom(): void {
    const now = this.#now();
    for (let swept = 0; swept < SWEPT_PER_WRITE && (this.#expiries.first()?.expiresAt ?? Infinity) <= now; swept += 1) {
      this.#dropFirst();
    }
    while (this.#entries.size >= this.#maxKeys) this.#dropFirst();
    if (this.#expiries.size > 2 * this.#entries.size + MAX_STALE_PLACES) {
      this.#expiries.reset(this.#entries.values());
    }
  }

  #dropFirst(): void {
    const expiry = this.#expiries.take();
    // The place may belong to a key that was deleted since, and perhaps set again: then it is another entry's.
    if (expiry !== undefined && this.#entries.get(expiry.key) === expiry) {
      this.#entries.delete(expiry.key);
    }
  }
}
/* oxlint-enable typescript/require-await */

/** As a server reads it: a whole number within 64 bits; here, within what a double counts exactly. */
function parseCounter(value: string): number {
  const count = Number(value);
  if (/^(?:0|-?[1-9]\d*)$/.test(value) && Number.isSafeInteger(count)) return count;
  throw new TypeError('increment: the key holds a value that is not a counter');
}
