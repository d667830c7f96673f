import type { UserPrincipal } from '../access/principal.ts';

/**
 * What a revocation names: a session, with every token of it, or one token. The kind is part of the key, so that an id
 * of one kind never revokes something of the other.
 */
export type RevocationKey = `session:${string}` | `token:${string}`;

/** Names a session by the `sid` of its tokens. */
export function sessionKey(sid: string): RevocationKey {
  return `session:${sid}`;
}

/** Names what the caller's token belongs to: its session, or the token itself where it has none. */
export function revocationKeyOf({ sessionId, tokenId }: UserPrincipal): RevocationKey {
  return sessionId === undefined ? `token:${tokenId}` : `session:${sessionId}`;
}
