import { InvalidAccessTokenError, type IssuerDocumentError } from '../errors.ts';
import {
  type AccessTokenVerifier,
  type AccessTokenVerifierOptions,
  createAccessTokenProver,
} from '../tokens/access-token-verifier.ts';
import { parseCompactToken } from '../tokens/compact-token.ts';
import { parseJsonObject } from '../tokens/json-object.ts';
import { rememberProven } from '../tokens/remembering-verifier.ts';
import type { TokenProver } from '../tokens/token-prover.ts';
import { createExternalTokenProver } from './external-token-prover.ts';
import { FetchedIssuerKeys } from './issuer-keys.ts';
import { createKeyFetcher, type KeyFetcherOptions } from './key-fetcher.ts';
import { findTrustedIssuerFaults } from './trusted-issuer-faults.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';

/** Whose tokens are accepted: the service's own, as for `createAccessTokenVerifier`, and those of other issuers. */
export interface MultiIssuerVerifierOptions extends Omit<AccessTokenVerifierOptions, 'keyRing' | 'audience'> {
  /** The keys of the service's own tokens, which come with `audience`; absent: it issues none, and takes none as its own. */
  readonly keyRing?: AccessTokenVerifierOptions['keyRing'];
  readonly audience?: AccessTokenVerifierOptions['audience'];
  readonly trustedIssuers: readonly TrustedIssuer[];
  /** Told when an issuer's keys could not be had, at most once in 30 s for each. */
  readonly onIssuerFault: (issuer: string, error: IssuerDocumentError) => void;
  /** How keys are fetched. */
  readonly fetching?: KeyFetcherOptions;
}

/**
 * Makes a verifier for the service's own tokens and those of other issuers (SR-15). The `iss` that a token says, not
 * yet proven, chooses among the configured issuers and nothing else: the chosen one's keys then have to prove it.
 *
 * Beside what `createAccessTokenVerifier` says, `verify` rejects with `IssuerUnavailableError` when the keys of a
 * trusted issuer cannot be had. Throws a `TypeError` for an issuer that cannot be trusted as it is described.
 */
export function createMultiIssuerVerifier({
  trustedIssuers,
  onIssuerFault,
  fetching,
  cacheSize,
  keyRing,
  audience,
  ...rest
}: MultiIssuerVerifierOptions): AccessTokenVerifier {
  if ((keyRing === undefined) !== (audience === undefined))
    throw new TypeError('the keys of own tokens come with their audience');
  const ownProver =
    keyRing === undefined || audience === undefined
      ? undefined
      : createAccessTokenProver({ keyRing, audience, ...rest });
  if (trustedIssuers.length === 0 && ownProver !== undefined) return rememberProven(ownProver, cacheSize);
  const { issuer: ownIssuer, roles, now = Date.now } = rest;
  const [fault] = findTrustedIssuerFaults(trustedIssuers, { ownIssuer, roles });
  if (fault !== undefined) throw new TypeError(`trusted issuers: ${fault.pointer} must be ${fault.expected}`);
  const provers = new Map<unknown, TokenProver>(ownProver === undefined ? [] : [[ownIssuer, ownProver]]);
  for (const trusted of trustedIssuers) {
    const onFault = (error: IssuerDocumentError): void => onIssuerFault(trusted.issuer, error);
    const keys = new FetchedIssuerKeys({ fetchKeys: createKeyFetcher(trusted, fetching), now, onFault });
    provers.set(trusted.issuer, createExternalTokenProver({ trusted, keys, roles, now }));
  }
  return rememberProven(dispatch(provers), cacheSize);
}

/** Each token to the prover of the issuer that it names. */
function dispatch(provers: ReadonlyMap<unknown, TokenProver>): TokenProver {
  const all = [...provers.values()];
  const proverOf = (issuer: unknown): TokenProver => {
    const prover = provers.get(issuer);
    if (prover === undefined) throw new InvalidAccessTokenError('issuer');
    return prover;
  };

  return {
    get version() {
      // Each of them only grows, and so does the sum: it changes when one of them does.
      return all.reduce((sum, { version }) => sum + version, 0);
    },
    async prove(token) {
      const payload = parseJsonObject(parseCompactToken(token).payload);
      return proverOf(payload?.get('iss')).prove(token);
    },
    recheck: (claims) => proverOf(claims.iss).recheck(claims),
  };
}
