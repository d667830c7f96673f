import { hash } from 'node:crypto';

import { compactVerify } from 'jose';
import { LRUCache } from 'lru-cache';

import type { Roles } from '../access/roles.ts';
import { InvalidAccessTokenError } from '../errors.ts';
import { type AccessTokenClaims, assertTimely, parseAccessTokenClaims } from './access-token-claims.ts';
import { parseAccessTokenHeader } from './access-token-header.ts';
import {
  ACCESS_TOKEN_TTL_SECONDS,
  type AccessTokenProfile,
  assertIntegerIn,
  assertName,
  CLOCK_TOLERANCE_SECONDS,
  MAX_ACCESS_TOKEN_TTL_SECONDS,
  MAX_CLOCK_TOLERANCE_SECONDS,
} from './access-token-profile.ts';
import { assertTokenSize, parseCompactToken } from './compact-token.ts';
import type { KeyRing } from './key-ring.ts';
import type { SigningKey } from './signing-key.ts';

/** Verified tokens that are remembered: measured at 350 bytes each, so about 4 MiB when full. */
export const VERIFIED_TOKEN_CACHE_SIZE = 10_000;
/** The largest cache that may be configured: about 40 MiB. */
const MAX_VERIFIED_TOKEN_CACHE_SIZE = 100_000;

/** What tokens must be like, and how many are remembered. */
export interface AccessTokenVerifierOptions {
  readonly keyRing: KeyRing;
  /** `iss`, exactly. */
  readonly issuer: string;
  /** `aud`, exactly; one string. */
  readonly audience: string;
  /** The roles that a token may carry. */
  readonly roles: Roles;
  /** Milliseconds since 1970. Default: the system clock. */
  readonly now?: () => number;
  /** How far the issuer's clock may be from ours. Default: {@link CLOCK_TOLERANCE_SECONDS}. */
  readonly clockToleranceSeconds?: number;
  /** The longest life a token may have, before tolerance. Default: {@link ACCESS_TOKEN_TTL_SECONDS}. */
  readonly ttlSeconds?: number;
  /** Verified tokens that are remembered. Default: {@link VERIFIED_TOKEN_CACHE_SIZE}. */
  readonly cacheSize?: number;
}

/** Proves access tokens. */
export interface AccessTokenVerifier {
  /**
   * Proves a token and answers with its claims: at once for one that was proven before, as a promise otherwise. Both
   * ways refuse with {@link InvalidAccessTokenError}, thrown or as a rejection.
   *
   * It proves what was signed, not that the token is still wanted: whether `jti` or `sid` was revoked is asked on each
   * request by `refuseRevoked`, of the caller that the claims make.
   */
  verify(token: string): AccessTokenClaims | Promise<AccessTokenClaims>;
}

/**
 * Makes a verifier for tokens signed by a key of the ring, in the form of RFC 9068 (SR-3 to SR-6).
 *
 * A proven token is remembered by the SHA-256 of its bytes: until its time is over, which is checked at each use, and
 * until the ring changes. A refusal is never remembered.
 */
export function createAccessTokenVerifier({
  keyRing,
  now = Date.now,
  cacheSize = VERIFIED_TOKEN_CACHE_SIZE,
  ...demands
}: AccessTokenVerifierOptions): AccessTokenVerifier {
  const profile = createProfile(demands);
  assertIntegerIn('cacheSize', cacheSize, 1, MAX_VERIFIED_TOKEN_CACHE_SIZE);
  const proven = new LRUCache<string, AccessTokenClaims>({ max: cacheSize });
  let provenVersion = keyRing.version;

  async function verifyAnew(token: string, digest: string): Promise<AccessTokenClaims> {
    const { version } = keyRing;
    const { alg, kid } = parseAccessTokenHeader(parseCompactToken(token).header);
    const key = keyRing.verificationKey(kid);
    if (key === undefined) throw new InvalidAccessTokenError('unknown-key');
    if (alg !== key.algorithm) throw new InvalidAccessTokenError('algorithm');
    const claims = parseAccessTokenClaims(await provePayload(token, key), profile);
    assertTimely(claims, now() / 1000, profile.clockToleranceSeconds);
    // The ring may have changed while the signature was checked: then the key may be gone.
    if (version === keyRing.version) proven.set(digest, claims);
    return claims;
  }

  return {
    verify(token) {
      assertTokenSize(token);
      if (provenVersion !== keyRing.version) {
        proven.clear();
        provenVersion = keyRing.version;
      }
      const digest = hash('sha256', token, 'hex');
      const claims = proven.get(digest);
      if (claims === undefined) return verifyAnew(token, digest);
      assertTimely(claims, now() / 1000, profile.clockToleranceSeconds);
      return claims;
    },
  };
}

/** The key is the ring's and the algorithm is the key's: nothing that the token says chooses either (SR-3, SR-4). */
async function provePayload(token: string, { publicKey, algorithm }: SigningKey): Promise<Uint8Array> {
  try {
    const { payload } = await compactVerify(token, publicKey, { algorithms: [algorithm] });
    return payload;
  } catch (cause) {
    throw new InvalidAccessTokenError('signature', { cause });
  }
}

function createProfile({
  issuer,
  audience,
  roles,
  ttlSeconds = ACCESS_TOKEN_TTL_SECONDS,
  clockToleranceSeconds = CLOCK_TOLERANCE_SECONDS,
}: Omit<AccessTokenVerifierOptions, 'keyRing' | 'now' | 'cacheSize'>): AccessTokenProfile {
  assertName('issuer', issuer);
  assertName('audience', audience);
  assertIntegerIn('ttlSeconds', ttlSeconds, 1, MAX_ACCESS_TOKEN_TTL_SECONDS);
  assertIntegerIn('clockToleranceSeconds', clockToleranceSeconds, 0, MAX_CLOCK_TOLERANCE_SECONDS);
  return { issuer, audience, roles, ttlSeconds, clockToleranceSeconds };
}
