import type { StorageLogger } from '../storage-logger.ts';
import type { MessageListener } from './shared-store.ts';

/** One subscription. An object of its own, so that the same function may subscribe twice. */
export interface Registration {
  readonly listener: MessageListener;
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

  add(channel: string, listener: MessageListener): Registration {
    const registration = { listener };
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

  deliver(channel: string, message: string): void {
    for (const registration of this.#channels.get(channel) ?? []) this.#call(registration, message);
  }

  #call(registration: Registration, message: string): void {
    try {
      registration.listener(message);
    } catch (error) {
      // One listener's fault must not silence the others; whoever reads the log will notice.
      this.#logger?.error({ err: error }, 'a shared store listener threw');
    }
  }
}
