import type { SharedStore } from '@redoubt/storage';

/**
 * Counts over a sliding window that all replicas share. Two fixed buckets stand for it: the present one, and of the one
 * before the share that the window still covers, as if its signals were spread evenly. Signals in one bucket are counted
 * exactly; over its border the estimate is off by as much as they were uneven. Two keys for each counter, however many
 * signals there are.
 */
export class WindowCounter {
  readonly #store: SharedStore;
  readonly #now: () => number;

  constructor(store: SharedStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Counts one more; answers how many there were in the window, this one included. */
  async add(key: string, windowMs: number): Promise<number> {
    const { bucket, rest } = this.#positionIn(windowMs);
    const [{ count }, before] = await Promise.all([
      this.#store.increment(`${key}:${bucket}`, 2 * windowMs),
      this.#read(`${key}:${bucket - 1}`),
    ]);
    return count + before * rest;
  }

  /** Counts a member that was not seen in the window; answers how many different ones there were. */
  async addMember(key: string, member: string, windowMs: number): Promise<number> {
    const isNew = await this.#store.setIfAbsent(`${key}:${member}`, '1', windowMs);
    return isNew ? this.add(key, windowMs) : this.#count(key, windowMs);
  }

  async #count(key: string, windowMs: number): Promise<number> {
    const { bucket, rest } = this.#positionIn(windowMs);
    const [count, before] = await Promise.all([this.#read(`${key}:${bucket}`), this.#read(`${key}:${bucket - 1}`)]);
    return count + before * rest;
  }

  /** The present bucket, and the share of the one before that the window covers. */
  #positionIn(windowMs: number): { bucket: number; rest: number } {
    const windows = this.#now() / windowMs;
    const bucket = Math.floor(windows);
    return { bucket, rest: 1 - (windows - bucket) };
  }

  async #read(key: string): Promise<number> {
    return Number((await this.#store.get(key)) ?? 0);
  }
}
