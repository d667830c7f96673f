import { requestContext } from '../request-context.ts';

/** What a `DeliveryQueue` needs. */
export interface DeliveryQueueOptions<Item> {
  /** Takes the oldest items, at least one; it fails for all of them or for none. */
  readonly deliver: (items: readonly Item[]) => Promise<void>;
  /** Items that wait at most. */
  readonly maxItems: number;
  /** Items that are delivered together at most; 1 unless said otherwise. */
  readonly maxBatch?: number;
  /** Told of every failed delivery; the items are not tried again. */
  readonly onFailure: (items: readonly Item[], error: unknown) => void;
  /** Told of the first item dropped since the queue last had room. */
  readonly onOverflow: () => void;
}

/** What a queue has done since it was made. */
export interface DeliveryCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
}

/** Somebody who waits until so many items have left the queue. */
interface Waiter {
  readonly finished: number;
  readonly resolve: () => void;
}

/**
 * Delivers items in the order they were added, without making the one who adds them wait. Bounded: an item added to a
 * full queue is dropped and counted. A deadline for one delivery is the business of `deliver`. Deliveries run outside of
 * the request that happened to start them: what they log is not that request's.
 */
export class DeliveryQueue<Item> {
  readonly #options: DeliveryQueueOptions<Item>;
  readonly #waiting: Item[] = [];
  readonly #counts = { delivered: 0, failed: 0, dropped: 0 };
  #added = 0;
  #waiters: Waiter[] = [];
  #isOverflowing = false;
  #isRunning = false;

  constructor(options: DeliveryQueueOptions<Item>) {
    this.#options = options;
  }

  /** A copy of the counts. */
  get counts(): DeliveryCounts {
    return { ...this.#counts };
  }

  /** Queues an item, or drops it when the queue is full. Never throws. */
  add(item: Item): void {
    if (this.#waiting.length >= this.#options.maxItems) {
      this.#drop();
      return;
    }
    this.#isOverflowing = false;
    this.#waiting.push(item);
    this.#added += 1;
    if (this.#isRunning) return;
    this.#isRunning = true;
    void requestContext.leave(() => this.#run());
  }

  /** Resolves when everything that was added before the call has been delivered or has failed; later items do not count. */
  settled(): Promise<void> {
    if (this.#finished >= this.#added) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiters.push({ finished: this.#added, resolve });
    return promise;
  }

  get #finished(): number {
    return this.#counts.delivered + this.#counts.failed;
  }

  #drop(): void {
    this.#counts.dropped += 1;
    if (this.#isOverflowing) return;
    this.#isOverflowing = true;
    this.#options.onOverflow();
  }

  async #run(): Promise<void> {
    // The request goes on first: nothing of a delivery runs inside `add`.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      await this.#deliver(this.#waiting.splice(0, this.#options.maxBatch ?? 1));
      this.#wake();
    }
    this.#isRunning = false;
  }

  async #deliver(items: readonly Item[]): Promise<void> {
    try {
      await this.#options.deliver(items);
      this.#counts.delivered += items.length;
    } catch (error) {
      this.#counts.failed += items.length;
      this.#options.onFailure(items, error);
    }
  }

  #wake(): void {
    const done = this.#waiters.filter(({ finished }) => finished <= this.#finished);
    if (done.length === 0) return;
    this.#waiters = this.#waiters.filter(({ finished }) => finished > this.#finished);
    for (const { resolve } of done) resolve();
  }
}
