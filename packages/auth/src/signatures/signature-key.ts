import { Buffer } from 'node:buffer';
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';

import type { Secret } from '@redoubt/secrets';

import type { SignatureAlgorithm } from './signature-profile.ts';

/** A key together with the one algorithm that it is used with: which one a message names is not asked (RFC 9421, 7.3.6). */
export interface SignatureKey {
  readonly algorithm: SignatureAlgorithm;
  readonly key: KeyObject;
}

/** Shortest HMAC secret, in bytes of its text: what SHA-256 gives back (RFC 2104, section 3; SR-51). */
const MIN_SECRET_BYTES = 32;
/** Fewer different characters are no random text (SR-51). */
const MIN_DISTINCT_CHARACTERS = 5;

/** One PEM block of this kind and nothing else: a private key in its place is refused, though Node would take it. */
const PUBLIC_KEY_PEM = /^\s*-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;

/** Reads an Ed25519 public key from SPKI PEM; `undefined` for anything else. */
export function importPublicKey(pem: string): SignatureKey | undefined {
  if (!PUBLIC_KEY_PEM.test(pem)) return undefined;
  return ed25519(() => createPublicKey({ key: pem, format: 'pem' }));
}

/** Reads an Ed25519 private key from PKCS#8 PEM; `undefined` for anything else. */
export function importPrivateKey(pem: Secret): SignatureKey | undefined {
  return ed25519(() => createPrivateKey({ key: pem.expose(), format: 'pem', type: 'pkcs8' }));
}

/** Reads an HMAC secret, whose text is the key as it stands; `undefined` for one that could be guessed (SR-51). */
export function importSharedSecret(secret: Secret): SignatureKey | undefined {
  const text = secret.expose();
  const bytes = Buffer.from(text);
  const isStrong = bytes.length >= MIN_SECRET_BYTES && new Set(text).size >= MIN_DISTINCT_CHARACTERS;
  return isStrong ? { algorithm: 'hmac-sha256', key: createSecretKey(bytes) } : undefined;
}

/** Signs with a shared secret or a private key. */
export function signBase({ algorithm, key }: SignatureKey, base: Buffer): Buffer {
  return algorithm === 'ed25519' ? sign(null, base, key) : createHmac('sha256', key).update(base).digest();
}

/** Whether a signature is that of the key; an HMAC is compared in constant time (SR-42). */
export function isSignatureOf({ algorithm, key }: SignatureKey, base: Buffer, signature: Buffer): boolean {
  if (algorithm === 'ed25519') return verify(null, base, key, signature);
  const expected = createHmac('sha256', key).update(base).digest();
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

function ed25519(read: () => KeyObject): SignatureKey | undefined {
  try {
    const key = read();
    return key.asymmetricKeyType === 'ed25519' ? { algorithm: 'ed25519', key } : undefined;
  } catch {
    // The caller says what was expected; a parser's message may quote the key.
    return undefined;
  }
}
