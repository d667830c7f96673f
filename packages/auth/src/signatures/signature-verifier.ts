import type { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

import type { SharedStore } from '@redoubt/storage';

import type { ServicePrincipal } from '../access/principal.ts';
import type { SpiffeId } from '../services/spiffe-id.ts';
import { isDigestOf, parseContentDigest } from './content-digest.ts';
import { InvalidSignatureError } from './invalid-signature-error.ts';
import { coveredComponents, createSignatureBase, formatComponentList } from './signature-base.ts';
import { parseSignatureFields, type SignatureParameters } from './signature-fields.ts';
import {
  NONCE_TTL_MS,
  SIGNATURE_FUTURE_SECONDS,
  SIGNATURE_WINDOW_SECONDS,
  type SignatureTag,
} from './signature-profile.ts';
import type { SignedCallerKeys } from './signed-caller-keys.ts';

/** What is read of a request: its first line and its headers. Nothing of its body has arrived yet. */
export type RequestHead = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** Who signed a request. */
export interface ProvenRequest {
  readonly caller: ServicePrincipal;
  /** What the body must be: compare it with {@link isDigestOf} as it arrives. `undefined` when there is no body. */
  readonly bodyDigest: Buffer | undefined;
}

/**
 * Proves who signed a request, once (SR-42): a second request with the same nonce and key is refused.
 *
 * Rejects with {@link InvalidSignatureError} for every fault of the request, and with the store's error while the nonces
 * cannot be read: a request that may be a replay is not let in (SR-30). What it returns says nothing of the body until
 * the caller has compared it with `bodyDigest`.
 */
export type SignatureVerifier = (head: RequestHead) => Promise<ProvenRequest>;

/** What a verifier needs. */
export interface SignatureVerifierOptions {
  readonly keys: SignedCallerKeys;
  /** Where the nonces are remembered: seen by every replica. */
  readonly store: Pick<SharedStore, 'setIfAbsent'>;
  /** Default: `service-call`. */
  readonly tag?: SignatureTag;
  /** Milliseconds since 1970. Default: the system clock. */
  readonly now?: () => number;
}

/** Creates the check of signed requests. */
export function createSignatureVerifier(options: SignatureVerifierOptions): SignatureVerifier {
  const { keys, store, tag = 'service-call', now = Date.now } = options;
  return async (head) => {
    const fields = parseSignatureFields(head.headers['signature-input'], head.headers['signature']);
    const contentDigest = readHeader(head, 'content-digest');
    const components = coveredComponents({ ...partsOf(head), contentDigest });
    if (fields.componentList !== formatComponentList(components)) throw new InvalidSignatureError('components');
    const bodyDigest = readBodyDigest(head, contentDigest);
    if (fields.parameters.tag !== tag) throw new InvalidSignatureError('purpose');
    assertInTime(fields.parameters, Math.floor(now() / 1000));
    const serviceId = keys.prove(fields, createSignatureBase(components, fields.covered));
    // Last of all: only who holds a key can fill the store.
    await useNonce(fields.parameters, serviceId, store);
    return { caller: { kind: 'service', serviceId }, bodyDigest };
  };
}

function partsOf({ method = '', url = '', headers }: RequestHead) {
  return { method, target: url, authority: headers.host ?? '' };
}

function readHeader({ headers }: RequestHead, name: string): string | undefined {
  const value = headers[name];
  if (Array.isArray(value)) throw new InvalidSignatureError('form');
  return value;
}

/** A body must be announced by its digest, and a digest without a body is that of nothing. */
function readBodyDigest(head: RequestHead, contentDigest: string | undefined): Buffer | undefined {
  const digest = contentDigest === undefined ? undefined : parseContentDigest(contentDigest);
  if (contentDigest !== undefined && digest === undefined) throw new InvalidSignatureError('digest');
  if (announcesBody(head)) return digest ?? refuseDigest();
  if (digest !== undefined && !isDigestOf(digest, '')) refuseDigest();
  return undefined;
}

/** RFC 9112, section 6.3: a request has a body exactly when one of these headers says so. */
function announcesBody({ headers }: RequestHead): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function refuseDigest(): never {
  throw new InvalidSignatureError('digest');
}

function assertInTime({ created, expires = Infinity }: SignatureParameters, nowSeconds: number): void {
  if (nowSeconds - created > SIGNATURE_WINDOW_SECONDS) throw new InvalidSignatureError('stale');
  if (created - nowSeconds > SIGNATURE_FUTURE_SECONDS) throw new InvalidSignatureError('future');
  if (nowSeconds > expires || expires < created) throw new InvalidSignatureError('expired');
}

async function useNonce(
  { keyId, nonce }: SignatureParameters,
  serviceId: SpiffeId,
  store: SignatureVerifierOptions['store'],
): Promise<void> {
  const isFirst: unknown = await store.setIfAbsent(`signature-nonce:${keyId}:${nonce}`, '1', NONCE_TTL_MS);
  // An answer that is not exactly `true` is no proof that nobody was here before (SR-30).
  if (isFirst !== true) throw new InvalidSignatureError('replayed', serviceId);
}
