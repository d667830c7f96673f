/** What a `DeliveryQueue` needs. */
export interface DeliveryQueueOptions<Item> {
  readonly deliver: (item: Item) => Promise<void>;
  /** Items that wait at most. */
  readonly maxItems: number;
  /** Told of every failed delivery; the item is not tried again. */
  readonly onFailure: (item: Item, error: unknown) => void;
  /** Told of the first item dropped since the queue last had room. */
  readonly onOverflow: () => void;
}

/** What a queue has done since it was made. */
export interface DeliveryCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
}

/**
 * Delivers items one after the other, in the order they were added, without making the one who adds them wait. Bounded:
 * an item added to a full queue is dropped and counted. A deadline for one delivery is the business of `deliver`.
 */
export class DeliveryQueue<Item> {
  readonly #options: DeliveryQueueOptions<Item>;
  readonly #waiting: Item[] = [];
  readonly #counts = { delivered: 0, failed: 0, dropped: 0 };
  #isOverflowing = false;
  #running: Promise<void> | undefined;

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
    this.#running ??= this.#run();
  }

  /** Resolves when everything that was added has been delivered or has failed. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
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
    for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) await this.#deliver(item);
    this.#running = undefined;
  }

  async #deliver(item: Item): Promise<void> {
    try {
      await this.#options.deliver(item);
      this.#counts.delivered += 1;
    } catch (error) {
      this.#counts.failed += 1;
      this.#options.onFailure(item, error);
    }
  }
}
