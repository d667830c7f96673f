import { Buffer } from 'node:buffer';
import { createPrivateKey, createPublicKey, type KeyObject, randomUUID, sign } from 'node:crypto';

import { expect } from 'vitest';

import { defineRoles } from '../../src/access/roles.ts';
import { InvalidAccessTokenError } from '../../src/errors.ts';
import type { AccessTokenClaims } from '../../src/tokens/access-token-claims.ts';
import { type AccessTokenVerifier, createAccessTokenVerifier } from '../../src/tokens/access-token-verifier.ts';
import { createKeyRing, type KeyRing } from '../../src/tokens/key-ring.ts';
import { generateSigningKeyPem, importSigningKey, type SigningKey } from '../../src/tokens/signing-key.ts';

export const ISSUER = 'https://api.example.test';
export const AUDIENCE = 'https://api.example.test/api';
/** The instant at which every test stands, in seconds; half a second later in milliseconds. */
export const NOW_SECONDS = 1_768_000_000;
export const USER_ID = '0190a1b2-c3d4-7e5f-8a6b-0c1d2e3f4a5b';

export const roles = defineRoles({ user: [], admin: ['users:read', 'users:write'] });

type Members = Readonly<Record<string, unknown>>;

/** Signs whatever an attacker, or a broken issuer, might write: with the service's real key. */
export interface Forge {
  readonly key: SigningKey;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** A header that a verifier accepts, with changes; `undefined` removes a member. */
  header(changes?: Members): Members;
  /** Claims that a verifier accepts, with changes; `undefined` removes a claim. */
  claims(changes?: Members): Members;
  /** Signs a header and a payload, each given as members or as text. */
  sign(header: Members | string, payload: Members | string | Buffer): string;
}

export async function createForge(): Promise<Forge> {
  const pem = await generateSigningKeyPem();
  const privateKey = createPrivateKey(pem.expose());
  const key = await importSigningKey(pem);
  return {
    key,
    privateKey,
    publicKey: createPublicKey(privateKey),
    header: (changes = {}) => ({ alg: 'ES256', kid: key.kid, typ: 'at+jwt', ...changes }),
    claims: (changes = {}) => ({
      iss: ISSUER,
      aud: AUDIENCE,
      sub: USER_ID,
      iat: NOW_SECONDS,
      exp: NOW_SECONDS + 600,
      jti: randomUUID(),
      sid: randomUUID(),
      role: 'user',
      auth_time: NOW_SECONDS,
      ...changes,
    }),
    sign(header, payload) {
      const input = `${segment(header)}.${segment(payload)}`;
      const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${input}.${signature.toString('base64url')}`;
    },
  };
}

/** Encodes a segment of a token. */
export function segment(content: Members | string | Buffer): string {
  if (Buffer.isBuffer(content)) return content.toString('base64url');
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64url');
}

/** A verifier under test with its clock and its ring. */
export interface Bench {
  readonly verifier: AccessTokenVerifier;
  readonly keyRing: KeyRing;
  /** Moves the clock to so many seconds after the start. */
  setSeconds(secondsAfterStart: number): void;
}

export function createBench(
  keys: readonly SigningKey[],
  options: { cacheSize?: number; clockToleranceSeconds?: number } = {},
): Bench {
  let nowMs = NOW_SECONDS * 1000;
  const keyRing = createKeyRing({ keys });
  const demands = { issuer: ISSUER, audience: AUDIENCE, roles, now: () => nowMs };
  return {
    keyRing,
    verifier: createAccessTokenVerifier({ keyRing, ...demands, ...options }),
    setSeconds(secondsAfterStart) {
      nowMs = (NOW_SECONDS + secondsAfterStart) * 1000;
    },
  };
}

/** Verifies, and answers with what came: claims or a refusal, thrown or rejected. */
export async function attempt(verifier: AccessTokenVerifier, token: string): Promise<AccessTokenClaims | Error> {
  try {
    return await verifier.verify(token);
  } catch (error) {
    return error as Error;
  }
}

/** Expects the one refusal that every fault gets, and answers with its reason for logs (SR-6). */
export async function refusalOf(verifier: AccessTokenVerifier, token: string): Promise<string> {
  const outcome = await attempt(verifier, token);
  expect(outcome).toBeInstanceOf(InvalidAccessTokenError);
  const refusal = outcome as InvalidAccessTokenError;
  expect(refusal.code).toBe('invalid_access_token');
  expect(refusal.message).toBe('the access token is not valid');
  return refusal.reason;
}
