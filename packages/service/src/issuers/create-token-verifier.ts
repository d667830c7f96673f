import {
  type AccessTokenVerifier,
  createMultiIssuerVerifier,
  type MultiIssuerVerifierOptions,
  type TrustedIssuer,
} from '@redoubt/auth';
import type { Logger } from '@redoubt/logging';

/** Whom the service trusts beside itself. */
export interface IssuerTrust {
  readonly trustedIssuers: readonly TrustedIssuer[];
  /** How their keys are fetched; differs in tests only. */
  readonly issuerFetching: NonNullable<MultiIssuerVerifierOptions['fetching']>;
}

/** Makes the service's verifier, and writes to the log what its operators should know of other issuers. */
export function createTokenVerifier(
  own: Pick<MultiIssuerVerifierOptions, 'issuer' | 'audience' | 'keyRing' | 'roles' | 'now'>,
  { logger, trustedIssuers = [], issuerFetching = {} }: Partial<IssuerTrust> & { readonly logger: Logger },
): AccessTokenVerifier {
  for (const { issuer } of trustedIssuers.filter(({ algorithms }) => algorithms.includes('RS256'))) {
    logger.warn({ issuer }, 'this issuer may sign with RS256: prefer ES256 or PS256 where it offers them');
  }
  return createMultiIssuerVerifier({
    ...own,
    trustedIssuers,
    fetching: issuerFetching,
    onIssuerFault: (issuer, error) =>
      logger.warn({ issuer, reason: error.reason }, 'the keys of an issuer are not to be had'),
  });
}
