/** A key and the instant at which it expires: milliseconds of its owner's clock. */
export interface Expiry {
  readonly key: string;
  readonly expiresAt: number;
}

/**
 * Keys ordered by expiry: a binary heap. Adding and taking cost a logarithm, looking costs nothing.
 *
 * A key that was deleted early keeps its place until it comes up; the owner decides whether an expiry still counts.
 */
export class ExpiryQueue {
  #heap: Expiry[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The expiry that comes first, left in its place. */
  first(): Expiry | undefined {
    return this.#heap[0];
  }

  add(expiry: Expiry): void {
    let index = this.#heap.push(expiry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#at(parent) <= expiry.expiresAt) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** Takes out the expiry that comes first. */
  take(): Expiry | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return first;
    this.#heap[0] = last;
    this.#sink();
    return first;
  }

  /** Starts over with these expiries only. */
  reset(expiries: Iterable<Expiry>): void {
    // A sorted array is a heap.
    this.#heap = [...expiries].toSorted((a, b) => a.expiresAt - b.expiresAt);
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const child = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(child) >= this.#at(index)) return;
      this.#swap(index, child);
      index = child;
    }
  }

  #at(index: number): number {
    return this.#heap[index]?.expiresAt ?? Infinity;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}
