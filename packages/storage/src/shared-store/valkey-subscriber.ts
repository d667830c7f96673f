import { randomUUID } from 'node:crypto';
import type { StorageLogger } from '../storage-logger.ts';
import { ListenerRegistry, type Registration } from './listener-registry.ts';
import { MessageHandover } from './message-handover.ts';
import type { GapListener, MessageListener, Unsubscribe } from './shared-store.ts';
import { takeOver, type TakeOver, type TakeOverOutcome } from './take-over.ts';
import { ValkeyConnection } from './valkey-connection.ts';
import { rethrow, toReason } from './valkey-error.ts';
import { COMMAND_TIMEOUT_MS, type ValkeyOptions } from './valkey-options.ts';

/**
 * The connection that receives messages. It is one of its own because a server takes no other commands on it, and
 * every channel is subscribed to anew each time it comes back.
 *
 * Nor does a server take another password on it: when that changes, a second connection takes over (SR-52).
 */
export class ValkeySubscriber {
  readonly #options: ValkeyOptions;
  readonly #announce: TakeOver['announce'];
  readonly #listeners: ListenerRegistry;
  readonly #logger: StorageLogger;
  #connection: ValkeyConnection;
  #successor: ValkeyConnection | undefined;
  #handover: MessageHandover | undefined;
  #succession: Promise<void> = Promise.resolve();
  #state: 'open' | 'closed' = 'open';

  constructor(options: ValkeyOptions, announce: TakeOver['announce']) {
    this.#options = options;
    this.#announce = announce;
    this.#logger = options.logger;
    this.#listeners = new ListenerRegistry(options.logger);
    this.#connection = this.#open();
  }

  /** Resolves when the server confirmed the subscription. */
  async subscribe(channel: string, listener: MessageListener, onGap?: GapListener): Promise<Unsubscribe> {
    // A connection that is taking over was given the channels of when it began; one that begins later gets this one.
    await this.#succession;
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
    this.#state = 'closed';
    await Promise.all([this.#connection.close(), this.#successor?.close()]);
  }

  async #unsubscribe(channel: string, registration: Registration): Promise<void> {
    if (this.#listeners.remove(channel, registration) === 'others') return;
    // As above: else the connection that is taking over keeps the channel.
    await this.#succession;
    try {
      const client = await this.#connection.client();
      await client.unsubscribe(channel);
    } catch {
      // A lost or closed connection has no subscriptions, and the next one does not ask for this channel.
    }
  }

  #open(): ValkeyConnection {
    const connection = new ValkeyConnection(this.#options, 'subscriptions');
    connection.onMessage((channel, message) => this.#received(connection, channel, message));
    connection.onLost(() => this.#lost(connection));
    connection.onReady(() => {
      if (connection === this.#connection) void this.#resubscribe();
    });
    connection.onOutdated(() => {
      this.#succession = this.#succession.then(() => this.#replace());
    });
    return connection;
  }

  #received(connection: ValkeyConnection, channel: string, message: string): void {
    if (connection !== this.#connection) this.#handover?.receivedByNew(channel, message);
    else if (this.#handover === undefined) this.#listeners.deliver(channel, message);
    else this.#handover.receivedByOld(channel, message);
  }

  #lost(connection: ValkeyConnection): void {
    // One that was replaced before is not missed.
    if (connection === this.#connection || connection === this.#successor) this.#handover?.fail();
    if (connection === this.#connection) this.#listeners.announceGap();
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

  /** Puts a connection of the newest password in the place of the one that stands. Never rejects. */
  async #replace(): Promise<void> {
    const old = this.#connection;
    // What came back in the meantime came back with the newest.
    if (this.#state === 'closed' || !old.isOutdated) return;
    const successor = this.#open();
    const marker = `${this.#options.keyPrefix}handover:${randomUUID()}`;
    const handover = new MessageHandover(marker, (channel, message) => this.#listeners.deliver(channel, message));
    this.#successor = successor;
    this.#handover = handover;
    const { commandTimeoutMs: timeoutMs = COMMAND_TIMEOUT_MS } = this.#options;
    const channels = this.#listeners.channels();
    const outcome = await takeOver({ old, successor, handover, channels, announce: this.#announce, timeoutMs });
    if (outcome === 'completed') this.#connection = successor;
    this.#successor = undefined;
    this.#handover = undefined;
    await this.#retire(outcome, old, successor);
  }

  async #retire(outcome: TakeOverOutcome, old: ValkeyConnection, successor: ValkeyConnection): Promise<void> {
    if (outcome === 'completed') {
      this.#logger.info({ connection: 'subscriptions' }, 'shared store password changed, signed in again');
      await old.close();
      return;
    }
    this.#logger.warn({ connection: 'subscriptions', outcome }, 'shared store password changed, signing in failed');
    // It still listens, and takes the newest password when it comes back; if messages were dropped, it does so now,
    // and its listeners are told.
    if (outcome === 'broken') old.renew();
    await successor.close();
  }
}
