import {
  ACCESS_TOKEN_TTL_SECONDS,
  createRevocations,
  createSignatureVerifier,
  createSignedCallerKeys,
  EXTERNAL_TOKEN_TTL_SECONDS,
  type MultiIssuerVerifierOptions,
  type PeerIssuer,
  type SignatureVerifierOptions,
  type SignedCaller,
} from '@redoubt/auth';
import { createUuidV7 } from '@redoubt/logging';
import { DatabaseIdempotencyStore } from '@redoubt/server';

import type { ServiceSchema } from './database/service-database.ts';
import type { OwnTokens, Service } from './define-service.ts';
import { createTokenVerifier, type IssuerTrust } from './issuers/create-token-verifier.ts';
import { createWatch, type WatchAdapters } from './security-events/create-watch.ts';
import type { ServiceDependencies } from './service-dependencies.ts';
import type { ServiceSettings } from './settings/service-settings.ts';

/** What differs between production, a development start and tests. */
export type ServiceAdapters<Schema extends ServiceSchema = ServiceSchema> = Pick<
  ServiceDependencies<Schema>,
  'logger' | 'metrics' | 'database' | 'sharedStore'
> &
  WatchAdapters &
  Partial<Pick<ServiceDependencies, 'now' | 'readCertificate' | 'tracing'> & IssuerTrust> & {
    /** Services that sign their requests (SR-42). Default: none. */
    readonly signedCallers?: readonly SignedCaller[];
    /** Tokens that are taken as the service's own. Default: those that its definition says. */
    readonly ownTokens?: OwnTokens;
    /** The peer whose tokens are taken. Default: the one that its definition says, unless it has own ones. */
    readonly peerIssuer?: PeerIssuer;
  };

/** Makes what a service leans on from its adapters and settings; what its `open` gave is among the adapters. */
export function createDependencies(
  service: Service,
  settings: ServiceSettings,
  adapters: ServiceAdapters,
): ServiceDependencies {
  const { metrics, database, sharedStore, now = Date.now } = adapters;
  const { trustedIssuers, issuerFetching, peerIssuer, signedCallers, alertTarget, ...given } = adapters;
  const common = {
    ...given,
    now,
    idempotency: new DatabaseIdempotencyStore(database.kysely, now),
    createId: createUuidV7,
    verifyAccessToken: createTokenVerifier(
      { issuer: settings.PUBLIC_URL, roles: service.roles, now, ...tokensOf(service, settings, adapters) },
      adapters,
    ),
    revocations: createRevocations({ sharedStore, tokenTtlSeconds: longestTokenLife(trustedIssuers) }),
    ...signaturesOf(signedCallers, { store: sharedStore, now }),
    ...createWatch({ ...adapters, metrics, now }),
  };
  return { ...common, ...service.createDependencies?.({ settings, adapters, common }) };
}

/** Whose tokens speak of people by the ids that they have here: those of the service, those of its peer, or none. */
function tokensOf(
  service: Service,
  settings: ServiceSettings,
  adapters: ServiceAdapters,
): Pick<MultiIssuerVerifierOptions, 'keyRing' | 'audience' | 'peerIssuer'> {
  const ownTokens = adapters.ownTokens ?? service.ownTokens?.(settings, adapters);
  if (ownTokens !== undefined) return ownTokens;
  const peerIssuer = adapters.peerIssuer ?? service.peerTokens?.(settings, adapters);
  return peerIssuer === undefined ? {} : { peerIssuer };
}

/** Without callers that sign, nobody looks at a signature. */
function signaturesOf(
  callers: readonly SignedCaller[] = [],
  rest: Pick<SignatureVerifierOptions, 'store' | 'now'>,
): Pick<ServiceDependencies, 'signatures'> {
  return callers.length === 0
    ? {}
    : { signatures: createSignatureVerifier({ keys: createSignedCallerKeys(callers), ...rest }) };
}

/** A revocation stands as long as any token can live that it refuses, whoever issued it (SR-7). */
function longestTokenLife(issuers: IssuerTrust['trustedIssuers'] = []): number {
  const lives = issuers.map(({ maxLifetimeSeconds }) => maxLifetimeSeconds ?? EXTERNAL_TOKEN_TTL_SECONDS);
  return Math.max(ACCESS_TOKEN_TTL_SECONDS, ...lives);
}
