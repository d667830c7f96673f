import { randomUUID } from 'node:crypto';

import type { SharedStore, Unsubscribe } from '@redoubt/storage';

/** How long a replica believes that its subscription brings everything: milliseconds since it last saw that it does. */
export const LEASE_MS = 2_000;
/** Time between two looks at the subscription: milliseconds. Four in a lease, so that one may be late. */
const BEAT_INTERVAL_MS = 500;

/** Every replica listens here. */
const BROADCAST_CHANNEL = 'revocations';

/** What a link needs, and whom it tells. */
export interface ReplicaLinkOptions {
  readonly sharedStore: SharedStore;
  /** Milliseconds of a clock that is never set. */
  readonly monotonicNow: () => number;
  /** Told of each announcement, the own ones included. */
  readonly onAnnounced: (keys: readonly string[]) => void;
  /** Told when announcements may have been missed. */
  readonly onGap: () => void;
}

/** An announcement that waits for those who received it. */
interface Announcement {
  readonly confirmedBy: Set<string>;
  receivers: number;
  readonly settle: () => void;
}

/**
 * What ties the replicas of a service together: announcements that each of them confirms, and a lease.
 *
 * A replica sends itself a message twice a second and holds its lease for {@link LEASE_MS} after sending the last one
 * that came back; messages come in order, so that whoever holds the lease has every announcement made before. Who
 * announces waits until all receivers have confirmed, or until the lease of any that did not has ended: afterwards
 * every replica knows of the announcement, or knows that it may have missed one.
 */
export class ReplicaLink {
  readonly #options: ReplicaLinkOptions;
  readonly #id = randomUUID();
  readonly #pending = new Map<string, Announcement>();
  readonly #timer: NodeJS.Timeout;
  #subscriptions: readonly Unsubscribe[] = [];
  #state: 'idle' | 'subscribing' | 'subscribed' | 'closed' = 'idle';
  #leaseStart = -Infinity;
  #announced = 0;

  constructor(options: ReplicaLinkOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      void this.#beat();
    }, BEAT_INTERVAL_MS);
    this.#timer.unref();
    void this.#beat();
  }

  /** Whether everything that was announced until now, and not confirmed here, has its announcer still waiting. */
  holdsLease(): boolean {
    return this.#options.monotonicNow() - this.#leaseStart < LEASE_MS;
  }

  /**
   * Tells every replica, and resolves when each of them knows or has lost its lease.
   *
   * @throws {SharedStoreUnavailableError} when the announcement could not be made.
   */
  async announce(keys: readonly string[]): Promise<void> {
    this.#announced += 1;
    const number = String(this.#announced);
    const { promise, resolve } = Promise.withResolvers<void>();
    const announcement = { confirmedBy: new Set<string>(), receivers: Infinity, settle: resolve };
    this.#pending.set(number, announcement);
    try {
      const message = [this.#id, number, ...keys].join(' ');
      announcement.receivers = await this.#options.sharedStore.publish(BROADCAST_CHANNEL, message);
      await this.#settled(announcement, promise);
    } finally {
      this.#pending.delete(number);
    }
  }

  /** Listens and announces no more. */
  async close(): Promise<void> {
    this.#state = 'closed';
    this.#leaseStart = -Infinity;
    clearInterval(this.#timer);
    await Promise.all(this.#subscriptions.map((unsubscribe) => unsubscribe()));
  }

  async #settled({ confirmedBy, receivers, settle }: Announcement, confirmed: Promise<void>): Promise<void> {
    if (confirmedBy.size >= receivers) return;
    const leaseEnd = setTimeout(settle, LEASE_MS);
    await confirmed;
    clearTimeout(leaseEnd);
  }

  async #beat(): Promise<void> {
    try {
      if (this.#state === 'idle') await this.#subscribe();
      if (this.#state !== 'subscribed') return;
      await this.#options.sharedStore.publish(ownChannel(this.#id), `beat ${this.#options.monotonicNow()}`);
    } catch {
      // The lease ends by itself, and the store's own log says why it was away.
    }
  }

  async #subscribe(): Promise<void> {
    this.#state = 'subscribing';
    const { sharedStore } = this.#options;
    const subscriptions: Unsubscribe[] = [];
    try {
      // The broadcast first: a beat that comes back shows that both are there.
      subscriptions.push(
        await sharedStore.subscribe(
          BROADCAST_CHANNEL,
          (message) => this.#onBroadcast(message),
          () => this.#onGap(),
        ),
      );
      subscriptions.push(await sharedStore.subscribe(ownChannel(this.#id), (message) => this.#onOwn(message)));
      this.#subscriptions = subscriptions;
      this.#enter('subscribed');
    } catch (error) {
      await Promise.all(subscriptions.map((unsubscribe) => unsubscribe()));
      this.#enter('idle');
      throw error;
    }
    if (this.#isClosed()) await this.close();
  }

  #enter(state: 'idle' | 'subscribed'): void {
    if (!this.#isClosed()) this.#state = state;
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #onBroadcast(message: string): void {
    const [from = '', number = '', ...keys] = message.split(' ');
    this.#options.onAnnounced(keys);
    // Not confirmed: the announcer waits for the end of this replica's lease instead.
    this.#options.sharedStore.publish(ownChannel(from), `ack ${number} ${this.#id}`).catch(() => undefined);
  }

  #onOwn(message: string): void {
    const [kind = '', value = '', by = ''] = message.split(' ');
    if (kind === 'beat') this.#leaseStart = Math.max(this.#leaseStart, Number(value));
    if (kind === 'ack') this.#confirm(value, by);
  }

  #confirm(number: string, by: string): void {
    const announcement = this.#pending.get(number);
    if (announcement === undefined) return;
    announcement.confirmedBy.add(by);
    if (announcement.confirmedBy.size >= announcement.receivers) announcement.settle();
  }

  #onGap(): void {
    this.#leaseStart = -Infinity;
    this.#options.onGap();
  }
}

function ownChannel(id: string): string {
  return `${BROADCAST_CHANNEL}:${id}`;
}
