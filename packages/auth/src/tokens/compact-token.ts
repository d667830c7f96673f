import { Buffer } from 'node:buffer';

import { InvalidAccessTokenError } from '../errors.ts';

/** The longest token that is looked at (SR-5); ours have about 570 bytes. */
const MAX_TOKEN_BYTES = 4096;

/** RFC 7515, section 7.1, with nothing in it that base64url does not have (SR-5). */
const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

/** What a token in compact form says, not proven; its signature is left to the library. */
export interface CompactToken {
  readonly header: Buffer;
  readonly payload: Buffer;
}

/**
 * The gate before the library, which decodes base64url leniently: three segments of the alphabet alone, each of which
 * encodes back to itself, so that one token has one spelling (SR-5; RFC 4648, section 3.5).
 *
 * @throws {InvalidAccessTokenError}
 */
export function parseCompactToken(token: string): CompactToken {
  const [, header = '', payload = '', signature = ''] = COMPACT.exec(token) ?? refuse('segments');
  decodeCanonical(signature);
  return { header: decodeCanonical(header), payload: decodeCanonical(payload) };
}

/** Refuses what is too long before anything reads it. Characters are bytes here: a token is ASCII, or refused next. */
export function assertTokenSize(token: string): void {
  if (token.length > MAX_TOKEN_BYTES) refuse('size');
}

function decodeCanonical(segment: string): Buffer {
  const bytes = Buffer.from(segment, 'base64url');
  return bytes.toString('base64url') === segment ? bytes : refuse('encoding');
}

function refuse(reason: 'size' | 'segments' | 'encoding'): never {
  throw new InvalidAccessTokenError(reason);
}
