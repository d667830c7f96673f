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
import { createKeyFetcher, createPeerKeyFetcher, type FetchKeys, type KeyFetcherOptions } from './key-fetcher.ts';
import type { PeerIssuer } from './peer-issuer.ts';
import { createPeerTokenProver } from './peer-token-prover.ts';
import { findTrustedIssuerFaults } from './trusted-issuer-faults.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';

/** Whose tokens are accepted: the service's own, as for `createAccessTokenVerifier`, and those of other issuers. */
export interface MultiIssuerVerifierOptions extends Omit<AccessTokenVerifierOptions, 'keyRing' | 'audience'> {
  /** The keys of the service's own tokens, which come with `audience`; absent: it issues none, and takes none as its own. */
  readonly keyRing?: AccessTokenVerifierOptions['keyRing'];
  readonly audience?: AccessTokenVerifierOptions['audience'];
  /** The peer that says who is who in the house; absent: none does. A service that issues tokens has none. */
  readonly peerIssuer?: PeerIssuer;
  readonly trustedIssuers: readonly TrustedIssuer[];
  /** Told when an issuer's keys could not be had, at most once in 30 s for each. */
  readonly onIssuerFault: (issuer: string, error: IssuerDocumentError) => void;
  /** How keys are fetched. */
  readonly fetching?: KeyFetcherOptions;
}

/**
 * Makes a verifier for the service's own tokens, or those of a peer, and for those of other issuers (SR-15). The `iss` that
 * a token says, not yet proven, chooses among the configured issuers and nothing else: the chosen one's keys then have to
 * prove it.
 *
 * Beside what `createAccessTokenVerifier` says, `verify` rejects with `IssuerUnavailableError` when the keys of an issuer
 * cannot be had. Throws a `TypeError` for an issuer that cannot be trusted as it is described, and for two that would both
 * name people by ids of their own.
 */
export function createMultiIssuerVerifier({ cacheSize, ...options }: MultiIssuerVerifierOptions): AccessTokenVerifier {
  const { issuer: ownIssuer, roles, trustedIssuers } = options;
  const native = createNativeProver(options);
  if (trustedIssuers.length === 0 && native?.issuer === ownIssuer) return rememberProven(native.prover, cacheSize);
  const taken = native === undefined ? [ownIssuer] : [ownIssuer, native.issuer];
  const [fault] = findTrustedIssuerFaults(trustedIssuers, { taken, roles });
  if (fault !== undefined) throw new TypeError(`trusted issuers: ${fault.pointer} must be ${fault.expected}`);
  const provers = new Map<unknown, TokenProver>(native === undefined ? [] : [[native.issuer, native.prover]]);
  for (const trusted of trustedIssuers) {
    const keys = createKeys(trusted.issuer, createKeyFetcher(trusted, options.fetching), options);
    provers.set(trusted.issuer, createExternalTokenProver({ trusted, keys, roles, now: options.now ?? Date.now }));
  }
  return rememberProven(dispatch(provers), cacheSize);
}

type ProverOptions = Omit<MultiIssuerVerifierOptions, 'cacheSize'>;

/**
 * What proves the tokens whose ids are people's ids here. There is one such issuer at most, the service or its peer: with
 * two, each could speak for the people of the other.
 */
function createNativeProver(options: ProverOptions): { issuer: string; prover: TokenProver } | undefined {
  const { issuer, keyRing, audience, peerIssuer: peer, roles, now = Date.now } = options;
  if ((keyRing === undefined) !== (audience === undefined))
    throw new TypeError('the keys of own tokens come with their audience');
  if (keyRing !== undefined && audience !== undefined) {
    if (peer !== undefined) throw new TypeError('a service that issues tokens takes none of a peer');
    return { issuer, prover: createAccessTokenProver({ ...options, keyRing, audience }) };
  }
  if (peer === undefined) return undefined;
  if (peer.issuer === issuer) throw new TypeError('a peer that issues tokens is not this service');
  const keys = createKeys(peer.issuer, createPeerKeyFetcher(peer, options.fetching), options);
  return { issuer: peer.issuer, prover: createPeerTokenProver({ peer, keys, roles, now }) };
}

function createKeys(
  issuer: string,
  fetchKeys: FetchKeys,
  { onIssuerFault, now = Date.now }: Pick<ProverOptions, 'onIssuerFault' | 'now'>,
): FetchedIssuerKeys {
  return new FetchedIssuerKeys({ fetchKeys, now, onFault: (error) => onIssuerFault(issuer, error) });
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
