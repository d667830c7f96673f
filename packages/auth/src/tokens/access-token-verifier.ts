import { compactVerify, type CryptoKey } from 'jose';

import type { Roles } from '../access/roles.ts';
import { InvalidAccessTokenError } from '../errors.ts';
import { type AccessTokenClaims, assertTimely, parseAccessTokenClaims } from './access-token-claims.ts';
import { parseAccessTokenHeader } from './access-token-header.ts';
import { createAccessTokenProfile } from './access-token-profile.ts';
import { parseCompactToken } from './compact-token.ts';
import type { KeyRing } from './key-ring.ts';
import { rememberProven } from './remembering-verifier.ts';
import type { TokenProver } from './token-prover.ts';

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
 * Makes a verifier for tokens signed by a key of the ring, in the form of RFC 9068 (SR-3 to SR-6). What it has proven
 * it remembers, as {@link rememberProven} says.
 */
export function createAccessTokenVerifier({ cacheSize, ...options }: AccessTokenVerifierOptions): AccessTokenVerifier {
  return rememberProven(createAccessTokenProver(options), cacheSize);
}

/** Makes what proves this service's own tokens, and remembers nothing. */
export function createAccessTokenProver({
  keyRing,
  now = Date.now,
  ...demands
}: Omit<AccessTokenVerifierOptions, 'cacheSize'>): TokenProver {
  const profile = createAccessTokenProfile(demands);
  const assertTimelyNow = (claims: AccessTokenClaims): void =>
    assertTimely(claims, now() / 1000, profile.clockToleranceSeconds);

  return {
    get version() {
      return keyRing.version;
    },
    async prove(token) {
      const { alg, kid } = parseAccessTokenHeader(parseCompactToken(token).header);
      const key = keyRing.verificationKey(kid);
      if (key === undefined) throw new InvalidAccessTokenError('unknown-key');
      if (alg !== key.algorithm) throw new InvalidAccessTokenError('algorithm');
      const claims = parseAccessTokenClaims(await provePayload(token, key), profile);
      assertTimelyNow(claims);
      return claims;
    },
    recheck(claims) {
      assertTimelyNow(claims);
      return 'holds';
    },
  };
}

/** A key that verifies, with the one algorithm that it is for. */
interface VerificationKey {
  readonly publicKey: CryptoKey;
  readonly algorithm: string;
}

/**
 * Proves a signature and answers with what it signs. The key is the verifier's and the algorithm is the key's: nothing
 * that the token says chooses either (SR-3, SR-4). Rejects with {@link InvalidAccessTokenError}.
 */
export async function provePayload(token: string, { publicKey, algorithm }: VerificationKey): Promise<Uint8Array> {
  try {
    const { payload } = await compactVerify(token, publicKey, { algorithms: [algorithm] });
    return payload;
  } catch (cause) {
    throw new InvalidAccessTokenError('signature', { cause });
  }
}
