import { SharedStoreUnavailableError } from './shared-store-error.ts';
import { assertKey, assertTtl, assertValue } from './limits.ts';
import type { CounterState, GapListener, MessageListener, SharedStore, Unsubscribe } from './shared-store.ts';
import { ValkeyConnection } from './valkey-connection.ts';
import { rethrow } from './valkey-error.ts';
import type { ValkeyOptions } from './valkey-options.ts';
import { ValkeySubscriber } from './valkey-subscriber.ts';

/** A prefix is words that an access list's pattern can hold as they are: no `*`, `?`, `[` or space. */
const KEY_PREFIX = /^[a-z0-9][a-z0-9:._-]{0,63}:$/;

/**
 * Connects to Valkey 7.2 or newer, or Redis 7, in the background, and keeps connecting.
 *
 * A hung server fails a command after `commandTimeoutMs`, a lost one at once. The user of the server's access list
 * needs its own prefix and ten commands: see this package's README (SR-50).
 *
 * @throws {TypeError} when the address holds credentials or does not parse, or the prefix is not lower-case words
 * that end with a colon.
 */
export function connectValkey(options: ValkeyOptions): SharedStore {
  if (!KEY_PREFIX.test(options.keyPrefix)) {
    throw new TypeError('keyPrefix must be lower-case letters, digits and ":._-", and end with ":"');
  }
  return new ValkeyStore(options);
}

class ValkeyStore implements SharedStore {
  readonly #options: ValkeyOptions;
  readonly #prefix: string;
  readonly #connection: ValkeyConnection;
  #subscriber: ValkeySubscriber | undefined;
  #state: 'open' | 'closed' = 'open';

  constructor(options: ValkeyOptions) {
    this.#options = options;
    this.#prefix = options.keyPrefix;
    this.#connection = new ValkeyConnection(options, 'commands');
    this.#connection.onOutdated(() => {
      void this.#connection.signInAgain();
    });
  }

  async increment(key: string, ttlMs: number): Promise<CounterState> {
    assertKey(key, 'key');
    assertTtl(ttlMs);
    const name = this.#prefix + key;
    const client = await this.#connection.client();
    // A transaction in one round trip, and not a script: the service's user may load none (SR-50).
    const replies = await client.multi().set(name, '0', 'PX', ttlMs, 'NX').incr(name).pttl(name).exec().catch(rethrow);
    this.#connection.answered();
    return { count: numberAt(replies, 1), expiresInMs: Math.max(0, numberAt(replies, 2)) };
  }

  async setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean> {
    assertKey(key, 'key');
    assertValue(value, 'value');
    assertTtl(ttlMs);
    const client = await this.#connection.client();
    const reply = await client.set(this.#prefix + key, value, 'PX', ttlMs, 'NX').catch(rethrow);
    this.#connection.answered();
    return reply === 'OK';
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    assertKey(key, 'key');
    assertValue(value, 'value');
    assertTtl(ttlMs);
    const client = await this.#connection.client();
    await client.set(this.#prefix + key, value, 'PX', ttlMs).catch(rethrow);
    this.#connection.answered();
  }

  async get(key: string): Promise<string | undefined> {
    assertKey(key, 'key');
    const client = await this.#connection.client();
    const value = await client.get(this.#prefix + key).catch(rethrow);
    this.#connection.answered();
    return value ?? undefined;
  }

  async delete(key: string): Promise<boolean> {
    assertKey(key, 'key');
    const client = await this.#connection.client();
    const removed = await client.del(this.#prefix + key).catch(rethrow);
    this.#connection.answered();
    return removed === 1;
  }

  async publish(channel: string, message: string): Promise<number> {
    assertKey(channel, 'channel');
    assertValue(message, 'message');
    const client = await this.#connection.client();
    const receivers = await client.publish(this.#prefix + channel, message).catch(rethrow);
    this.#connection.answered();
    return receivers;
  }

  async subscribe(channel: string, listener: MessageListener, onGap?: GapListener): Promise<Unsubscribe> {
    assertKey(channel, 'channel');
    if (this.#state === 'closed') throw new SharedStoreUnavailableError('closed');
    this.#subscriber ??= new ValkeySubscriber(this.#options, async (name) => {
      const client = await this.#connection.client();
      await client.publish(name, '');
    });
    return this.#subscriber.subscribe(this.#prefix + channel, listener, onGap);
  }

  async ping(): Promise<void> {
    const client = await this.#connection.client();
    await client.ping().catch(rethrow);
    this.#connection.answered();
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    await Promise.all([this.#connection.close(), this.#subscriber?.close()]);
  }
}

type TransactionReplies = readonly (readonly [error: Error | null, reply: unknown])[] | null;

function numberAt(replies: TransactionReplies, index: number): number {
  const [error, reply] = replies?.[index] ?? [null, undefined];
  if (error !== null) rethrow(error);
  if (typeof reply !== 'number') throw new SharedStoreUnavailableError('unexpected reply');
  return reply;
}
