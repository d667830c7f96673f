/** A counter after it was raised by one. */
export interface CounterState {
  /** How often the key was raised since it last came into being, this time included: 1 or more. */
  readonly count: number;
  /** Milliseconds until the counter starts anew. */
  readonly expiresInMs: number;
}

/** Receives one message. It must not throw; when it does, the store logs the error and goes on to the next listener. */
export type MessageListener = (message: string) => void;

/**
 * Told that messages may have been missed: the connection that brings them was lost. Called once for each loss, before
 * any message of the next connection. It must not throw.
 */
export type GapListener = () => void;

/** Ends one subscription. Calling it again changes nothing. */
export type Unsubscribe = () => Promise<void>;

/**
 * Short-lived state that every replica sees: rate limits, replay nonces, revocations (SR-7, SR-22, SR-42).
 *
 * Keys and channels are well-formed strings of 1 to 512 bytes of UTF-8, values and messages of at most 64 KiB, a time
 * to live is a whole number of milliseconds: anything else is a `RangeError`. Nothing here outlives its time to live,
 * and the store may lose everything at once: what must survive belongs into the database.
 *
 * Every method rejects with {@link SharedStoreUnavailableError} when the server cannot answer in time. The outcome of
 * a write is then unknown; it is never sent again by itself.
 */
export interface SharedStore {
  /**
   * Raises the counter by one, in one step and one round trip. `ttlMs` counts from the first raise and is not
   * extended by later ones.
   *
   * @throws {TypeError} when the key holds a value that is not a counter.
   */
  increment(key: string, ttlMs: number): Promise<CounterState>;
  /**
   * The same at once, where a store can: one of this process, with no network before it. Throws what the other rejects
   * with.
   */
  incrementNow?(key: string, ttlMs: number): CounterState;
  /** Stores the value when the key is absent. `true` for exactly one of any number of simultaneous callers. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>;
  /** Stores the value, in place of any other; its time to live starts anew. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** The value, or `undefined` when the key is absent or expired. */
  get(key: string): Promise<string | undefined>;
  /** Removes the key; `true` when there was one to remove. */
  delete(key: string): Promise<boolean>;
  /**
   * Sends the message to whoever is subscribed now. At most once: a subscriber that is reconnecting misses it. Answers
   * how many subscribers it was sent to: connections of a server, listeners of a twin. One whose connection is taken
   * over by another counts twice for that moment.
   */
  publish(channel: string, message: string): Promise<number>;
  /**
   * Calls the listener with each message published after the returned promise resolved, across reconnects; `onGap`
   * tells of each time in which messages may have been missed.
   */
  subscribe(channel: string, listener: MessageListener, onGap?: GapListener): Promise<Unsubscribe>;
  /** Resolves when the server answers. */
  ping(): Promise<void>;
  /** Waits for running commands, within their timeout, and disconnects. Later calls on the store reject. */
  close(): Promise<void>;
}
