import { createPublicKey, type KeyObject, type webcrypto } from 'node:crypto';

import { IssuerDocumentError } from '../errors.ts';
import { isKeyId } from '../tokens/access-token-header.ts';
import type { ExternalAlgorithm } from './trusted-issuer.ts';

/** Keys in one set at most; large providers publish about five. */
const MAX_KEYS = 64;
/** Shortest RSA modulus: 2048 bits (RFC 7518, section 3.3). */
const MIN_RSA_BITS = 2048;
/** Longest RSA modulus: 8192 bits; longer ones make each verification slow, and nobody uses them. */
const MAX_RSA_BITS = 8192;

/** Members that only private and symmetric keys have (RFC 7518, section 6). */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** A public key of another issuer. */
export interface IssuerKey {
  readonly kid: string;
  /** The one algorithm that it verifies (SR-3). */
  readonly algorithm: ExternalAlgorithm;
  readonly publicKey: webcrypto.CryptoKey;
  /** The key itself, as text: two keys are the same when it is. */
  readonly fingerprint: string;
}

type Jwk = Readonly<Record<string, unknown>>;

/** What a key must be for an algorithm, and how WebCrypto names it. */
const requirements = {
  RS256: { kty: 'RSA', import: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } },
  PS256: { kty: 'RSA', import: { name: 'RSA-PSS', hash: 'SHA-256' } },
  ES256: { kty: 'EC', crv: 'P-256', import: { name: 'ECDSA', namedCurve: 'P-256' } },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', import: { name: 'Ed25519' } },
} as const;

/**
 * Reads the keys of a key set (RFC 7517) that may verify tokens of an issuer with these algorithms. Other keys are left
 * out, as section 5 asks: for encryption, of another kind, without a usable id, weak, or with a private part in the
 * open. Throws {@link IssuerDocumentError} for what is no key set, for too many keys, and for two with one id.
 */
export function parseIssuerKeys(
  document: ReadonlyMap<string, unknown>,
  algorithms: readonly ExternalAlgorithm[],
): ReadonlyMap<string, IssuerKey> {
  const listed = document.get('keys');
  if (!Array.isArray(listed) || listed.length > MAX_KEYS) throw new IssuerDocumentError('key-set');
  const keys = listed.flatMap((entry: unknown) => (isJwk(entry) ? (parseIssuerKey(entry, algorithms) ?? []) : []));
  const byId = new Map(keys.map((key) => [key.kid, key]));
  if (byId.size !== keys.length) throw new IssuerDocumentError('key-set');
  return byId;
}

function parseIssuerKey(jwk: Jwk, algorithms: readonly ExternalAlgorithm[]): IssuerKey | undefined {
  const { kid } = jwk;
  const algorithm = algorithmOf(jwk, algorithms);
  if (algorithm === undefined || !isKeyId(kid) || !isForVerification(jwk)) return undefined;
  const key = importKey(jwk);
  if (key === undefined || !isStrong(key)) return undefined;
  return {
    kid,
    algorithm,
    publicKey: key.toCryptoKey(requirements[algorithm].import, true, ['verify']),
    fingerprint: `${algorithm} ${key.export({ type: 'spki', format: 'der' }).toString('base64')}`,
  };
}

/** The algorithm that the key says, or the only one of its kind that the issuer uses; two would be confusion (SR-3). */
function algorithmOf(jwk: Jwk, algorithms: readonly ExternalAlgorithm[]): ExternalAlgorithm | undefined {
  const fitting = algorithms.filter((algorithm) => {
    const required: { readonly kty: string; readonly crv?: string } = requirements[algorithm];
    const isNamed = !Object.hasOwn(jwk, 'alg') || jwk['alg'] === algorithm;
    return isNamed && jwk['kty'] === required.kty && (required.crv === undefined || jwk['crv'] === required.crv);
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** RFC 7517, sections 4.2 and 4.3: a key that says what it is for is used for that only. */
function isForVerification(jwk: Jwk): boolean {
  if (SECRET_MEMBERS.some((member) => Object.hasOwn(jwk, member))) return false;
  if (Object.hasOwn(jwk, 'use') && jwk['use'] !== 'sig') return false;
  const operations = jwk['key_ops'];
  return !Object.hasOwn(jwk, 'key_ops') || (Array.isArray(operations) && operations.includes('verify'));
}

function importKey(jwk: Jwk): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined; // the key is left out of the set, and its tokens are refused as of an unknown key
  }
}

function isStrong({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType !== 'rsa') return true;
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS;
}

function isJwk(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
