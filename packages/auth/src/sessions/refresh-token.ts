import { Buffer } from 'node:buffer';
import { hash, hkdfSync, randomBytes } from 'node:crypto';

/** 256 bits: nobody guesses one, so that a plain hash of it is enough (SR-8). */
const TOKEN_BYTES = 32;
/** Binds what is derived to its purpose (RFC 5869, section 3.2). */
const SUCCESSOR_INFO = 'redoubt refresh token successor';

/** 32 bytes in base64url; the last character has two bits to spare, which must be zero: one token, one spelling. */
const REFRESH_TOKEN = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** An opaque refresh token that has the form of one. */
export type RefreshToken = string & { readonly __brand: 'RefreshToken' };

/** Makes a token that nobody has seen. */
export function createRefreshToken(): RefreshToken {
  return randomBytes(TOKEN_BYTES).toString('base64url') as RefreshToken;
}

/** The text as a token, or `undefined` when it cannot be one. */
export function parseRefreshToken(text: string): RefreshToken | undefined {
  return REFRESH_TOKEN.test(text) ? (text as RefreshToken) : undefined;
}

/** What is stored of a token: SHA-256, base64url. */
export function digestOf(token: RefreshToken): string {
  return hash('sha256', Buffer.from(token, 'base64url'), 'base64url');
}

/** Makes the salt of one succession. */
export function createSuccessorSalt(): Buffer {
  return randomBytes(TOKEN_BYTES);
}

/**
 * The one successor of a token: HKDF-SHA256 of the token and a salt. Whoever holds the token can be handed the same
 * successor again; the salt and the digests alone yield nothing (docs/decisions/007-refresh-token-successor.md).
 */
export function deriveSuccessor(token: RefreshToken, salt: Buffer): RefreshToken {
  const bytes = hkdfSync('sha256', Buffer.from(token, 'base64url'), salt, SUCCESSOR_INFO, TOKEN_BYTES);
  return Buffer.from(bytes).toString('base64url') as RefreshToken;
}
