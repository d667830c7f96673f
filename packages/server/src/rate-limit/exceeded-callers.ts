/**
 * Who is over a limit, and until when: what the shared store has said once need not be asked again within the window.
 * Bounded: when it is full, the one that has been in it for longest is asked for again.
 */
export class ExceededCallers {
  readonly #until = new Map<string, number>();
  readonly #now: () => number;
  readonly #maxCallers: number;

  constructor(now: () => number, maxCallers: number) {
    this.#now = now;
    this.#maxCallers = maxCallers;
  }

  /** Remembers the caller for so many milliseconds. */
  add(key: string, expiresInMs: number): void {
    if (this.#until.size >= this.#maxCallers && !this.#until.has(key)) this.#dropOldest();
    this.#until.set(key, this.#now() + expiresInMs);
  }

  /** Milliseconds until the caller's window ends; 0 for a caller that is not known to be over its limit. */
  expiresInMs(key: string): number {
    const until = this.#until.get(key);
    if (until === undefined) return 0;
    const left = until - this.#now();
    if (left > 0) return left;
    this.#until.delete(key);
    return 0;
  }

  #dropOldest(): void {
    const [oldest] = this.#until.keys();
    if (oldest !== undefined) this.#until.delete(oldest);
  }
}
