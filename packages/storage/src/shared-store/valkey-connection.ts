import type { RefusalOutcome } from '@redoubt/secrets';
import type { StorageLogger } from '../storage-logger.ts';
import { within } from '../within.ts';
import { ReconnectDelay } from './reconnect-delay.ts';
import { SharedStoreUnavailableError } from './shared-store-error.ts';
import { SigningClient } from './signing-client.ts';
import { toReason } from './valkey-error.ts';
import { CONNECT_TIMEOUT_MS, type ValkeyOptions } from './valkey-options.ts';

/** What a server says of a password, or of a user, that it does not know. */
const REFUSED = 'WRONGPASS';

/** What a command is rejected with behind a refused password: the refusal itself, or its own. */
const REFUSALS = new Set([REFUSED, 'NOAUTH']);

/**
 * One connection that comes back by itself, each time with the password that holds then (SR-52).
 *
 * Commands wait for the outcome of the very first attempt, so that a store can be used as soon as it is made. From
 * then on they fail at once while there is no connection: a queue would answer a flood of them long after anybody
 * cared.
 */
export class ValkeyConnection {
  readonly #client: SigningClient;
  readonly #delay = new ReconnectDelay();
  readonly #logger: StorageLogger;
  readonly #role: 'commands' | 'subscriptions';
  readonly #connectTimeoutMs: number;
  readonly #outdatedListeners: (() => void)[] = [];
  readonly #signsIn: boolean;
  readonly #unsubscribe: (() => void) | undefined;
  #firstAttempt: Promise<void> | undefined;
  #replacement: Promise<RefusalOutcome> = Promise.resolve('unchanged');
  #state: 'up' | 'down' | 'closed' = 'down';

  constructor(options: ValkeyOptions, role: 'commands' | 'subscriptions') {
    this.#client = new SigningClient(options, this.#delay);
    this.#logger = options.logger;
    this.#connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    this.#role = role;
    // Without a listener the library prints the error to the console, stack and all.
    this.#client.on('error', (error: unknown) => this.#failed(error));
    this.#client.on('close', () => this.#lost());
    this.#client.on('ready', () => this.#found());
    this.#signsIn = options.password !== undefined;
    this.#unsubscribe = options.password?.subscribe(() => this.#announceOutdated());
    this.#firstAttempt = this.#attempt();
  }

  /** Whether another password holds than the one that this connection signed in with. */
  get isOutdated(): boolean {
    return this.#client.isOutdated;
  }

  /**
   * The client, ready for a command or about to refuse it.
   *
   * @throws {SharedStoreUnavailableError} when the connection was closed.
   */
  async client(): Promise<SigningClient> {
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

  /** Calls the listener when another password holds than the one that this connection, which stands, signed in with. */
  onOutdated(listener: () => void): void {
    this.#outdatedListeners.push(listener);
  }

  /**
   * Signs in with the newest password, between the commands of the connection that stands. Never rejects: a server that
   * refuses it leaves the connection as it was.
   */
  async signInAgain(): Promise<void> {
    try {
      await this.#client.signInAgain();
      this.#logger.info({ connection: this.#role }, 'shared store password changed, signed in again');
    } catch (error) {
      // A connection that was lost comes back with the newest one; otherwise it goes on with the one it has.
      this.#failed(error);
    }
  }

  /** Drops the connection and makes another one. */
  renew(): void {
    if (this.#state !== 'closed') this.#client.disconnect(true);
  }

  /** Lets running commands finish, within their timeout, and disconnects for good. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#unsubscribe?.();
    // QUIT is answered after everything sent before it. A server that does not answer gets no farewell.
    await this.#client.quit().catch(() => undefined);
    this.#client.disconnect();
  }

  async #attempt(): Promise<void> {
    // A failure reaches the 'error' listener, and the commands that waited.
    await this.#client.connect().catch(() => undefined);
    if (this.#signsIn) await within(this.#connectTimeoutMs, this.#proveSignIn(), undefined);
    this.#firstAttempt = undefined;
  }

  /** Waits for the server to take the password, as long as there is another one to try. */
  async #proveSignIn(): Promise<void> {
    // The library calls a connection ready before its AUTH is answered.
    while (await this.#isRefused()) {
      // It ends a connection whose AUTH was refused: then the refusal has been heard of.
      await this.#next('close');
      if ((await this.#replacement) === 'unchanged') return;
      if (this.#client.status !== 'ready') await this.#next('ready');
    }
  }

  async #isRefused(): Promise<boolean> {
    try {
      await this.#client.ping();
      this.answered();
      return false;
    } catch (error) {
      return REFUSALS.has(toReason(error));
    }
  }

  #next(event: 'ready' | 'close'): Promise<void> {
    return new Promise((resolve) => {
      this.#client.once(event, resolve);
    });
  }

  #failed(error: unknown): void {
    if (this.#state === 'closed') return;
    const reason = toReason(error);
    this.#logger.warn({ connection: this.#role, reason }, 'shared store connection failed');
    if (reason === REFUSED) this.#replacement = this.#findReplacement();
  }

  async #findReplacement(): Promise<RefusalOutcome> {
    const outcome = await this.#client.findReplacement();
    // The next attempt, which has another password to show, is a first one.
    if (outcome === 'changed') this.#delay.reset();
    return outcome;
  }

  #announceOutdated(): void {
    if (this.#state !== 'up' || !this.isOutdated) return;
    for (const listener of this.#outdatedListeners) listener();
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
    this.#announceOutdated();
  }
}
