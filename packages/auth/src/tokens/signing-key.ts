import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, type webcrypto } from 'node:crypto';
import { promisify } from 'node:util';

import { Secret } from '@redoubt/secrets';
import { calculateJwkThumbprint } from 'jose';

import { SigningKeyError } from '../errors.ts';

/** The one algorithm of this service's own tokens (SR-3; docs/decisions/004-access-token-format.md). */
export const SIGNING_ALGORITHM = 'ES256';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
/** OpenSSL's name of P-256. */
const OPENSSL_CURVE = 'prime256v1';

/**
 * Where a key stands in its life (SR-52). A key is `published` before it signs, so that every verifier knows it by
 * then; one key is `active` and signs; a `retired` key only verifies, until its last token has expired.
 */
export type SigningKeyState = 'published' | 'active' | 'retired';

/** The public half, as it stands in a JWK set (RFC 7517); nothing private has a place in it. */
export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly use: 'sig';
  readonly alg: typeof SIGNING_ALGORITHM;
  readonly kid: string;
}

/** A key pair for access tokens. The private half cannot be exported again. */
export interface SigningKey {
  /** RFC 7638 thumbprint: the same key has the same id everywhere. */
  readonly kid: string;
  readonly algorithm: typeof SIGNING_ALGORITHM;
  readonly state: SigningKeyState;
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicKey: webcrypto.CryptoKey;
  readonly publicJwk: PublicJwk;
}

/** Makes a new private key on P-256, as PKCS#8 PEM: the one moment at which it can be stored. */
export async function generateSigningKeyPem(): Promise<Secret> {
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: OPENSSL_CURVE });
  return Secret.of(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

/**
 * Reads a private key from PKCS#8 PEM or from a private JWK's JSON text. What comes back signs, and cannot be
 * exported.
 *
 * @throws {SigningKeyError} for any other key, and for a JWK whose halves do not belong together.
 */
export async function importSigningKey(material: Secret, state: SigningKeyState = 'active'): Promise<SigningKey> {
  const pair = parsePrivateKey(material.expose());
  const { x, y } = createPublicKey(pair).export({ format: 'jwk' });
  if (x === undefined || y === undefined) throw new SigningKeyError();
  const coordinates = { kty: 'EC', crv: 'P-256', x, y } as const;
  const kid = await calculateJwkThumbprint(coordinates);
  return Object.freeze({
    kid,
    algorithm: SIGNING_ALGORITHM,
    state,
    privateKey: pair.toCryptoKey(CURVE, false, ['sign']),
    publicKey: createPublicKey(pair).toCryptoKey(CURVE, true, ['verify']),
    publicJwk: Object.freeze({ ...coordinates, use: 'sig', alg: SIGNING_ALGORITHM, kid }),
  });
}

function parsePrivateKey(text: string): KeyObject {
  const key = readPrivateKey(text.trim());
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === OPENSSL_CURVE) return key;
  throw new SigningKeyError();
}

function readPrivateKey(text: string): KeyObject {
  try {
    if (text.startsWith('{')) return createPrivateKey({ key: JSON.parse(text) as webcrypto.JsonWebKey, format: 'jwk' });
    if (text.startsWith('-----BEGIN PRIVATE KEY-----')) return createPrivateKey({ key: text, format: 'pem' });
  } catch {
    // A parser's message may quote the key, so it goes nowhere.
  }
  throw new SigningKeyError();
}
