import {
  type AccessTokenVerifier,
  createMultiIssuerVerifier,
  type MultiIssuerVerifierOptions,
  type TrustedIssuer,
} from '@redoubt/auth';
import { SettingsError } from '@redoubt/config';
import type { Logger } from '@redoubt/logging';

import { faultAt } from '../settings-files/settings-file.ts';

/** Whom the service trusts beside itself. */
export interface IssuerTrust {
  readonly trustedIssuers: readonly TrustedIssuer[];
  /** How their keys are fetched; differs in tests only. */
  readonly issuerFetching: NonNullable<MultiIssuerVerifierOptions['fetching']>;
}

/**
 * Makes the service's verifier, and writes to the log what its operators should know of other issuers.
 *
 * @throws {SettingsError} when the peer whose tokens are taken is among the other issuers, where its people would have other
 *   ids.
 */
export function createTokenVerifier(
  own: Pick<MultiIssuerVerifierOptions, 'issuer' | 'audience' | 'keyRing' | 'peerIssuer' | 'roles' | 'now'>,
  { logger, trustedIssuers = [], issuerFetching = {} }: Partial<IssuerTrust> & { readonly logger: Logger },
): AccessTokenVerifier {
  const twice = trustedIssuers.findIndex(({ issuer }) => issuer === own.peerIssuer?.issuer);
  if (twice >= 0)
    throw new SettingsError([faultAt('TRUSTED_ISSUERS_FILE', `/${twice}/issuer`, 'an issuer that is no peer')]);
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
