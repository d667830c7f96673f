import type { Roles } from '../access/roles.ts';
import { InvalidAccessTokenError } from '../errors.ts';
import { assertTimely } from '../tokens/access-token-claims.ts';
import { ACCESS_TOKEN_TYPES, parseAccessTokenHeader } from '../tokens/access-token-header.ts';
import { CLOCK_TOLERANCE_SECONDS } from '../tokens/access-token-profile.ts';
import { provePayload } from '../tokens/access-token-verifier.ts';
import { parseCompactToken } from '../tokens/compact-token.ts';
import type { TokenProver } from '../tokens/token-prover.ts';
import { parseExternalClaims } from './external-claims.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import type { ExternalTokenType, TrustedIssuer } from './trusted-issuer.ts';

const typesOf: Readonly<Record<ExternalTokenType, ReadonlySet<unknown>>> = {
  'at+jwt': ACCESS_TOKEN_TYPES,
  JWT: new Set(['JWT']),
  absent: new Set([undefined]),
};

/** What proves one issuer's tokens. */
export interface ExternalTokenProverOptions {
  readonly trusted: TrustedIssuer;
  readonly keys: IssuerKeys;
  readonly roles: Roles;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Makes what proves the access tokens of another issuer (SR-15). The gate is that of the service's own tokens (SR-3 to
 * SR-6); the keys, the algorithms and the meaning of the claims are the issuer's. `prove` rejects with
 * {@link InvalidAccessTokenError}, and with `IssuerUnavailableError` when no keys are at hand.
 */
export function createExternalTokenProver({ trusted, keys, roles, now }: ExternalTokenProverOptions): TokenProver {
  const types = typesOf[trusted.tokenType ?? 'at+jwt'];
  const algorithms: ReadonlySet<unknown> = new Set(trusted.algorithms);
  const toleranceSeconds = CLOCK_TOLERANCE_SECONDS;

  return {
    get version() {
      return keys.version;
    },
    async prove(token) {
      const { alg, kid } = parseAccessTokenHeader(parseCompactToken(token).header, types);
      if (!algorithms.has(alg)) throw new InvalidAccessTokenError('algorithm');
      const key = await keys.find(kid);
      if (key === undefined) throw new InvalidAccessTokenError('unknown-key');
      if (alg !== key.algorithm) throw new InvalidAccessTokenError('algorithm');
      const claims = parseExternalClaims(await provePayload(token, key), trusted, { roles, toleranceSeconds });
      assertTimely(claims, now() / 1000, toleranceSeconds);
      return claims;
    },
    recheck(claims) {
      assertTimely(claims, now() / 1000, toleranceSeconds);
      return keys.areCurrent() ? 'holds' : 'prove-again';
    },
  };
}
