import type { Roles } from '../access/roles.ts';
import { InvalidAccessTokenError } from '../errors.ts';
import { type AccessTokenClaims, assertTimely, parseAccessTokenClaims } from '../tokens/access-token-claims.ts';
import { parseAccessTokenHeader } from '../tokens/access-token-header.ts';
import { createAccessTokenProfile } from '../tokens/access-token-profile.ts';
import { provePayload } from '../tokens/access-token-verifier.ts';
import { parseCompactToken } from '../tokens/compact-token.ts';
import { SIGNING_ALGORITHM } from '../tokens/signing-key.ts';
import type { TokenProver } from '../tokens/token-prover.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import type { PeerIssuer } from './peer-issuer.ts';

/** What proves a peer's tokens. */
export interface PeerTokenProverOptions {
  readonly peer: Pick<PeerIssuer, 'issuer' | 'audience'>;
  readonly keys: IssuerKeys;
  /** The roles of this service: a token that carries another one is refused. */
  readonly roles: Roles;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Makes what proves the access tokens of a peer (SR-15). They pass the gate of the service's own tokens, claim by claim
 * (SR-3 to SR-7); only the keys are fetched. The ids in them stay as they are, so that one person is one id in every
 * service of the house, and `auth_time` with them (SR-54). `prove` rejects with {@link InvalidAccessTokenError}, and with
 * `IssuerUnavailableError` when no keys are at hand. Throws a `TypeError` for a name that would match nothing.
 */
export function createPeerTokenProver({ peer, keys, roles, now }: PeerTokenProverOptions): TokenProver {
  const { issuer, audience } = peer;
  const profile = createAccessTokenProfile({ issuer, audience, roles });
  const assertTimelyNow = (claims: AccessTokenClaims): void =>
    assertTimely(claims, now() / 1000, profile.clockToleranceSeconds);

  return {
    get version() {
      return keys.version;
    },
    async prove(token) {
      const { alg, kid } = parseAccessTokenHeader(parseCompactToken(token).header);
      // Before the keys: what a peer never writes makes no call to it.
      if (alg !== SIGNING_ALGORITHM) throw new InvalidAccessTokenError('algorithm');
      const key = await keys.find(kid);
      if (key === undefined) throw new InvalidAccessTokenError('unknown-key');
      const claims = parseAccessTokenClaims(await provePayload(token, key), profile);
      assertTimelyNow(claims);
      return claims;
    },
    recheck(claims) {
      assertTimelyNow(claims);
      return keys.areCurrent() ? 'holds' : 'prove-again';
    },
  };
}
