import type { Buffer } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';

import { decodeBase64 } from './canonical-base64.ts';

/** RFC 9530, section 2, with SHA-256 as its one member: 32 bytes are 44 characters of base64. */
const CONTENT_DIGEST = /^sha-256=:([A-Za-z0-9+/]{43}=):$/;

/** The `Content-Digest` header of a body. */
export function formatContentDigest(body: string | Uint8Array): string {
  return `sha-256=:${digestOf(body).toString('base64')}:`;
}

/** Reads a `Content-Digest` header: SHA-256 alone, in its one spelling; `undefined` for anything else. */
export function parseContentDigest(header: string): Buffer | undefined {
  const [, encoded] = CONTENT_DIGEST.exec(header) ?? [];
  return encoded === undefined ? undefined : decodeBase64(encoded);
}

/** Whether a body is the one that a digest was made of; compared in constant time (SR-42). */
export function isDigestOf(digest: Uint8Array, body: string | Uint8Array): boolean {
  const actual = digestOf(body);
  return digest.length === actual.length && timingSafeEqual(digest, actual);
}

function digestOf(body: string | Uint8Array): Buffer {
  return createHash('sha256').update(body).digest();
}
