import type { StorageLogger } from '../storage-logger.ts';
import type { GapListener, MessageListener } from './shared-store.ts';

/** One subscription. An object of its own, so that the same function may subscribe twice. */
export interface Registration {
  readonly listener: MessageListener;
  readonly onGap: GapListener | undefined;
}

/** Who listens to which channel, and the delivery to them. */
export class ListenerRegistry {
  readonly #channels = new Map<string, Set<Registration>>();
  readonly #logger: StorageLogger | undefined;

  constructor(logger: StorageLogger | undefined) {
    this.#logger = logger;
  }

  /** The channels that somebody listens to. */
  channels(): string[] {
    return [...this.#channels.keys()];
  }

  add(channel: string, listener: MessageListener, onGap?: GapListener): Registration {
    const registration = { listener, onGap };
    const registrations = this.#channels.get(channel);
    if (registrations === undefined) this.#channels.set(channel, new Set([registration]));
    else registrations.add(registration);
    return registration;
  }

  /** Removes the registration; says whether it was the channel's last. A second removal is never the last. */
  remove(channel: string, registration: Registration): 'last' | 'others' {
    const registrations = this.#channels.get(channel);
    if (registrations === undefined || !registrations.delete(registration)) return 'others';
    if (registrations.size > 0) return 'others';
    this.#channels.delete(channel);
    return 'last';
  }

  /** How many listen to the channel. */
  count(channel: string): number {
    return this.#channels.get(channel)?.size ?? 0;
  }

  deliver(channel: string, message: string): void {
    for (const { listener } of this.#channels.get(channel) ?? []) this.#call(() => listener(message));
  }

  /** Tells everybody who wants to know that messages may have been missed. */
  announceGap(): void {
    for (const registrations of this.#channels.values()) {
      for (const { onGap } of registrations) if (onGap !== undefined) this.#call(onGap);
    }
  }

  #call(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      // One listener's fault must not silence the others; whoever reads the log will notice.
      this.#logger?.error({ err: error }, 'a shared store listener threw');
    }
  }
}
