import { randomUUIDv7 } from 'node:crypto';

/**
 * A new UUID of version 7 (RFC 9562, section 5.7): 48 bits of wall-clock milliseconds, 74 random bits from a pool of
 * cryptographic randomness. Unique, sortable by time to the millisecond, not ordered within one. An id, not a secret:
 * it tells when it was made (SR-57).
 */
export function createUuidV7(): string {
  return randomUUIDv7();
}
