import { randomInt } from 'node:crypto';

/** Shortest wait before a reconnect: milliseconds. A restarted server is back within a few of these. */
const FIRST_DELAY_MS = 50;

/** Longest wait before a reconnect: milliseconds. An outage's end is noticed within it. */
const MAX_DELAY_MS = 5_000;

/**
 * How long to wait before the next attempt to connect: doubling from 50 ms to 5 s, half of it random, so that
 * replicas which lost a server together do not return together.
 */
export class ReconnectDelay {
  #attempts = 0;

  /** Milliseconds to wait, longer at each call. */
  next(): number {
    const ceiling = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    return ceiling / 2 + randomInt(ceiling / 2 + 1);
  }

  /** Starts over: the server answered. A connection alone proves nothing, it may refuse the password next. */
  reset(): void {
    this.#attempts = 0;
  }
}
