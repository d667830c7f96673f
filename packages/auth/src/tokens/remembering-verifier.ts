import { hash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import type { AccessTokenClaims } from './access-token-claims.ts';
import { assertIntegerIn } from './access-token-profile.ts';
import type { AccessTokenVerifier } from './access-token-verifier.ts';
import { assertTokenSize } from './compact-token.ts';
import type { TokenProver } from './token-prover.ts';

/** Verified tokens that are remembered: measured at 350 bytes each, so about 4 MiB when full. */
export const VERIFIED_TOKEN_CACHE_SIZE = 10_000;
/** The largest cache that may be configured: about 40 MiB. */
const MAX_VERIFIED_TOKEN_CACHE_SIZE = 100_000;

/**
 * Puts a memory in front of a prover. A proven token is remembered by the SHA-256 of its bytes: until its time is over,
 * which is checked at each use, and until a key of the prover is gone or changed. A refusal is never remembered.
 */
export function rememberProven(
  prover: TokenProver,
  cacheSize: number = VERIFIED_TOKEN_CACHE_SIZE,
): AccessTokenVerifier {
  assertIntegerIn('cacheSize', cacheSize, 1, MAX_VERIFIED_TOKEN_CACHE_SIZE);
  const proven = new LRUCache<string, AccessTokenClaims>({ max: cacheSize });
  let provenVersion = prover.version;

  async function proveAnew(token: string, digest: string): Promise<AccessTokenClaims> {
    const { version } = prover;
    const claims = await prover.prove(token);
    // The keys may have changed meanwhile: then the one that proved this may be gone.
    if (version === prover.version) proven.set(digest, claims);
    return claims;
  }

  return {
    verify(token) {
      assertTokenSize(token);
      const { version } = prover;
      if (provenVersion !== version) {
        proven.clear();
        provenVersion = version;
      }
      const digest = hash('sha256', token, 'hex');
      const claims = proven.get(digest);
      return claims !== undefined && prover.recheck(claims) === 'holds' ? claims : proveAnew(token, digest);
    },
  };
}
