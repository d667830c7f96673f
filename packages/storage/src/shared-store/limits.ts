import { Buffer } from 'node:buffer';

/** Longest key or channel: bytes of UTF-8. A key is a prefix and an id or a digest; 512 leaves room for both. */
export const MAX_KEY_BYTES = 512;

/** Longest value or message: bytes of UTF-8. Larger ones block a single-threaded server for everybody else. */
export const MAX_VALUE_BYTES = 65_536;

/** Longest time to live: milliseconds, 400 days. Whatever lives longer is durable, and belongs into the database. */
export const MAX_TTL_MS = 34_560_000_000;

/**
 * Refuses a key or channel that the twins would not treat alike.
 *
 * @throws {RangeError} unless it is a well-formed string of 1 to {@link MAX_KEY_BYTES} bytes. The message does not
 * hold the key, which may be an address or a token's digest.
 */
export function assertKey(key: string, label: 'key' | 'channel'): void {
  assertText(key, label, MAX_KEY_BYTES);
  if (key === '') throw new RangeError(`${label} must not be empty`);
}

/**
 * Refuses a value or message that the twins would not treat alike.
 *
 * @throws {RangeError} unless it is a well-formed string of at most {@link MAX_VALUE_BYTES} bytes.
 */
export function assertValue(value: string, label: 'value' | 'message'): void {
  assertText(value, label, MAX_VALUE_BYTES);
}

/**
 * Refuses a time to live that a server would refuse or round.
 *
 * @throws {RangeError} unless it is a whole number from 1 to {@link MAX_TTL_MS}.
 */
export function assertTtl(ttlMs: number): void {
  if (Number.isInteger(ttlMs) && ttlMs >= 1 && ttlMs <= MAX_TTL_MS) return;
  throw new RangeError(`ttlMs must be a whole number from 1 to ${MAX_TTL_MS}`);
}

function assertText(text: string, label: string, maxBytes: number): void {
  if (typeof text !== 'string') throw new TypeError(`${label} must be a string`);
  // No character takes fewer bytes than code units: most texts are decided without counting.
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) {
    throw new RangeError(`${label} must be at most ${maxBytes} bytes`);
  }
  // A lone surrogate becomes U+FFFD on its way to a server: two different keys would be one.
  if (!text.isWellFormed()) throw new RangeError(`${label} must be well-formed Unicode`);
}
