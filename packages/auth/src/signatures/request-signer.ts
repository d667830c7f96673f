import { randomBytes } from 'node:crypto';

import type { Secret } from '@redoubt/secrets';

import { formatContentDigest } from './content-digest.ts';
import { coveredComponents, createSignatureBase, formatComponentList } from './signature-base.ts';
import { formatCovered, formatSignatureFields } from './signature-fields.ts';
import { importPrivateKey, importSharedSecret, signBase, type SignatureKey } from './signature-key.ts';
import { KEY_ID_PATTERN, NONCE_PATTERN, type SignatureAlgorithm, type SignatureTag } from './signature-profile.ts';

/** 144 bits: more than the 128 that are asked for, and base64 without padding. */
const NONCE_BYTES = 18;

/** With which key requests are signed, and for what. */
export interface RequestSignerOptions {
  /** The id under which the other side knows the key. */
  readonly keyId: string;
  readonly algorithm: SignatureAlgorithm;
  /** For `ed25519` a private key as PKCS#8 PEM; for `hmac-sha256` the shared secret, at least 32 random bytes of text. */
  readonly key: Secret;
  /** Default: `service-call`. */
  readonly tag?: SignatureTag;
  /** Milliseconds since 1970. Default: the system clock. */
  readonly now?: () => number;
  /** Default: 144 random bits. */
  readonly createNonce?: () => string;
}

/** A request that is about to be sent. */
export interface SignableRequest {
  readonly method: string;
  /** The whole address, as it is sent. */
  readonly url: string | URL;
  /** The bytes that are sent; a text is sent as UTF-8. */
  readonly body?: string | Uint8Array;
}

/** Signs requests, each for one use. */
export interface RequestSigner {
  /**
   * The headers that a request is sent with beside its own: `signature-input`, `signature` and, with a body,
   * `content-digest`. Signed anew for each attempt: the other side takes none twice.
   *
   * @throws {TypeError} for an address that is not http or https.
   */
  sign(request: SignableRequest): Readonly<Record<string, string>>;
}

/**
 * Creates the caller's side of signed requests (SR-42), for calls to services and, with the tag `webhook`, for webhooks.
 *
 * @throws {TypeError} for a key that is not of its algorithm or could be guessed, and for an id that no key can have.
 */
export function createRequestSigner(options: RequestSignerOptions): RequestSigner {
  const { keyId, tag = 'service-call', now = Date.now } = options;
  const { createNonce = () => randomBytes(NONCE_BYTES).toString('base64url') } = options;
  if (!KEY_ID_PATTERN.test(keyId)) throw new TypeError('a key id has letters, digits, - and _, 64 at most');
  const key = importSigner(options);
  return {
    sign({ method, url, body = '' }) {
      const digest = body.length === 0 ? {} : { 'content-digest': formatContentDigest(body) };
      const parts = { method, ...addressOf(url), contentDigest: digest['content-digest'] };
      const components = coveredComponents(parts);
      const nonce = createNonce();
      if (!NONCE_PATTERN.test(nonce)) throw new TypeError('a nonce has 22 to 64 characters of base64url');
      const created = Math.floor(now() / 1000);
      const parameters = { created, expires: undefined, nonce, keyId, algorithm: key.algorithm, tag };
      const covered = formatCovered(formatComponentList(components), parameters);
      const signature = signBase(key, createSignatureBase(components, covered));
      return { ...digest, ...formatSignatureFields(covered, signature) };
    },
  };
}

function importSigner({ algorithm, key }: RequestSignerOptions): SignatureKey {
  const imported = algorithm === 'ed25519' ? importPrivateKey(key) : importSharedSecret(key);
  if (imported === undefined)
    throw new TypeError(
      'the key must be an Ed25519 private key as PKCS#8 PEM, or a secret of at least 32 random bytes',
    );
  return imported;
}

function addressOf(given: string | URL): { readonly authority: string; readonly target: string } {
  const url = URL.parse(String(given));
  if (url === null || !/^https?:$/.test(url.protocol)) throw new TypeError('an address is http or https');
  return { authority: url.host, target: `${url.pathname}${url.search}` };
}
