import { Redis } from 'iovalkey';
import type { StorageLogger } from '../storage-logger.ts';
import { ReconnectDelay } from './reconnect-delay.ts';
import { SharedStoreUnavailableError } from './shared-store-error.ts';
import { toReason } from './valkey-error.ts';
import { toClientOptions, type ValkeyOptions } from './valkey-options.ts';

/**
 * One connection that comes back by itself.
 *
 * Commands wait for the outcome of the very first attempt, so that a store can be used as soon as it is made. From
 * then on they fail at once while there is no connection: a queue would answer a flood of them long after anybody
 * cared.
 */
export class ValkeyConnection {
  readonly #client: Redis;
  readonly #delay = new ReconnectDelay();
  readonly #logger: StorageLogger;
  readonly #role: 'commands' | 'subscriptions';
  #firstAttempt: Promise<void> | undefined;
  #state: 'up' | 'down' | 'closed' = 'down';

  constructor(options: ValkeyOptions, role: 'commands' | 'subscriptions') {
    this.#client = new Redis(toClientOptions(options, this.#delay));
    this.#logger = options.logger;
    this.#role = role;
    // Without a listener the library prints the error to the console, stack and all.
    this.#client.on('error', (error: unknown) => this.#failed(error));
    this.#client.on('close', () => this.#lost());
    this.#client.on('ready', () => this.#found());
    this.#firstAttempt = this.#attempt();
  }

  /**
   * The client, ready for a command or about to refuse it.
   *
   * @throws {SharedStoreUnavailableError} when the connection was closed.
   */
  async client(): Promise<Redis> {
    if (this.#state === 'closed') throw new SharedStoreUnavailableError('closed');
    if (this.#firstAttempt !== undefined) await this.#firstAttempt;
    return this.#client;
  }

  /** The server answered a command: it is there, and it takes our password. */
  answered(): void {
    this.#delay.reset();
  }

  /** Calls the listener each time a connection is made, the first time included. */
  onReady(listener: () => void): void {
    this.#client.on('ready', listener);
  }

  /** Calls the listener each time a connection is gone. */
  onLost(listener: () => void): void {
    this.#client.on('close', listener);
  }

  /** Calls the listener with each message of the channels that were subscribed to. */
  onMessage(listener: (channel: string, message: string) => void): void {
    this.#client.on('message', listener);
  }

  /** Drops the connection and makes another one. */
  renew(): void {
    if (this.#state !== 'closed') this.#client.disconnect(true);
  }

  /** Lets running commands finish, within their timeout, and disconnects for good. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    // QUIT is answered after everything sent before it. A server that does not answer gets no farewell.
    await this.#client.quit().catch(() => undefined);
    this.#client.disconnect();
  }

  async #attempt(): Promise<void> {
    // A failure reaches the 'error' listener, and the commands that waited.
    await this.#client.connect().catch(() => undefined);
    this.#firstAttempt = undefined;
  }

  #failed(error: unknown): void {
    if (this.#state === 'closed') return;
    this.#logger.warn({ connection: this.#role, reason: toReason(error) }, 'shared store connection failed');
  }

  #lost(): void {
    if (this.#state !== 'up') return;
    this.#state = 'down';
    this.#logger.warn({ connection: this.#role }, 'shared store connection lost');
  }

  #found(): void {
    if (this.#state !== 'down') return;
    this.#state = 'up';
    this.#logger.info({ connection: this.#role }, 'shared store connected');
  }
}
