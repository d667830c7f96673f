import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';

/** A value that must not be found in any output: the same in every run, and shaped like an opaque token. */
export function createCanary(name: string): string {
  return createHash('sha256').update(`canary of ${name}`).digest('base64url');
}

/** Too short to be told by its shape: only a key or the syntax around it gives it away. */
export function createShortCanary(name: string): string {
  return `cny${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}

/** The forms in which a canary could hide: as it is, base64, base64url, hexadecimal, percent-encoded. */
export function formsOf(canary: string): string[] {
  const bytes = Buffer.from(canary);
  const unpadded = bytes.toString('base64').replace(/=+$/, '');
  return [
    canary,
    unpadded,
    bytes.toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    encodeURIComponent(canary),
  ];
}
