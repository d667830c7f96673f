import type { ResolveHost } from '@redoubt/outbound';

import { IssuerDocumentError } from '../errors.ts';
import { SIGNING_ALGORITHM } from '../tokens/signing-key.ts';
import { fetchDocument, type FetchOptions } from './fetch-document.ts';
import { type IssuerKey, parseIssuerKeys } from './issuer-key.ts';
import type { PeerIssuer } from './peer-issuer.ts';
import { readDocument } from './read-document.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';

/** How long an attempt to get an issuer's keys may take, discovery included: 5 s (SR-15). */
const FETCH_TIMEOUT_MS = 5000;

/** Gets the present keys of an issuer. Rejects with {@link IssuerDocumentError}. */
export type FetchKeys = () => Promise<ReadonlyMap<string, IssuerKey>>;

/** What may differ for an attempt to get an issuer's keys. */
export interface KeyFetcherOptions {
  /** Default: {@link FETCH_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
  readonly resolveHost?: ResolveHost;
}

/**
 * Makes what fetches an issuer's keys. Without a `jwksUrl`, the issuer's discovery document says where they are; that
 * is asked once, and again after an attempt that failed.
 */
export function createKeyFetcher(trusted: TrustedIssuer, options: KeyFetcherOptions = {}): FetchKeys {
  const { timeoutMs = FETCH_TIMEOUT_MS, resolveHost } = options;
  const resolving = resolveHost === undefined ? {} : { resolveHost };
  let discovered: string | undefined;

  return async () => {
    const limits = { reach: trusted.reach ?? 'public', signal: AbortSignal.timeout(timeoutMs), ...resolving };
    const address = trusted.jwksUrl ?? discovered ?? (await discoverKeySet(trusted.issuer, limits));
    discovered = undefined;
    const keys = parseIssuerKeys(await fetchDocument(address, limits), trusted.algorithms);
    discovered = address;
    return keys;
  };
}

/** Makes what fetches a peer's keys: by the peer's own client, from the one place where its keys are. */
export function createPeerKeyFetcher(
  { keySetUrl: url, client }: Pick<PeerIssuer, 'keySetUrl' | 'client'>,
  { timeoutMs = FETCH_TIMEOUT_MS }: Pick<KeyFetcherOptions, 'timeoutMs'> = {},
): FetchKeys {
  return async () => {
    const document = await readDocument(client, { url, signal: AbortSignal.timeout(timeoutMs) });
    return parseIssuerKeys(document, [SIGNING_ALGORITHM]);
  };
}

/** OpenID Connect Discovery 1.0, section 4: the document must name exactly the issuer that it was asked for. */
async function discoverKeySet(issuer: string, options: FetchOptions): Promise<string> {
  const document = await fetchDocument(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, options);
  if (document.get('issuer') !== issuer) throw new IssuerDocumentError('wrong-issuer');
  const address = document.get('jwks_uri');
  if (typeof address !== 'string') throw new IssuerDocumentError('key-set');
  return address;
}
