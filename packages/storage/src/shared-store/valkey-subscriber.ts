import type { StorageLogger } from '../storage-logger.ts';
import { ListenerRegistry, type Registration } from './listener-registry.ts';
import type { GapListener, MessageListener, Unsubscribe } from './shared-store.ts';
import { ValkeyConnection } from './valkey-connection.ts';
import { rethrow, toReason } from './valkey-error.ts';
import type { ValkeyOptions } from './valkey-options.ts';

/**
 * The connection that receives messages. It is one of its own because a server takes no other commands on it, and
 * every channel is subscribed to anew each time it comes back.
 */
export class ValkeySubscriber {
  readonly #connection: ValkeyConnection;
  readonly #listeners: ListenerRegistry;
  readonly #logger: StorageLogger;

  constructor(options: ValkeyOptions) {
    this.#logger = options.logger;
    this.#listeners = new ListenerRegistry(options.logger);
    this.#connection = new ValkeyConnection(options, 'subscriptions');
    this.#connection.onMessage((channel, message) => this.#listeners.deliver(channel, message));
    this.#connection.onLost(() => this.#listeners.announceGap());
    this.#connection.onReady(() => {
      void this.#resubscribe();
    });
  }

  /** Resolves when the server confirmed the subscription. */
  async subscribe(channel: string, listener: MessageListener, onGap?: GapListener): Promise<Unsubscribe> {
    const registration = this.#listeners.add(channel, listener, onGap);
    try {
      const client = await this.#connection.client();
      // Also when another listener has the channel already: its subscription may not be confirmed yet.
      await client.subscribe(channel);
      this.#connection.answered();
    } catch (error) {
      this.#listeners.remove(channel, registration);
      rethrow(error);
    }
    return () => this.#unsubscribe(channel, registration);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #unsubscribe(channel: string, registration: Registration): Promise<void> {
    if (this.#listeners.remove(channel, registration) === 'others') return;
    try {
      const client = await this.#connection.client();
      await client.unsubscribe(channel);
    } catch {
      // A lost or closed connection has no subscriptions, and the next one does not ask for this channel.
    }
  }

  async #resubscribe(): Promise<void> {
    const channels = this.#listeners.channels();
    if (channels.length === 0) return;
    try {
      const client = await this.#connection.client();
      await client.subscribe(...channels);
      this.#connection.answered();
    } catch (error) {
      this.#logger.warn({ reason: toReason(error) }, 'shared store subscriptions were not restored, trying again');
      this.#connection.renew();
    }
  }
}
