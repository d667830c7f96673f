import { Buffer } from 'node:buffer';
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

import { Secret } from '@redoubt/secrets';

import type { RequestHead } from '../../src/signatures/signature-verifier.ts';
import type { SignedCaller } from '../../src/signatures/signed-caller-keys.ts';

export const BILLING = 'spiffe://example.internal/ns/billing';
export const SHIPPING = 'spiffe://example.internal/ns/shipping';

/** Both ends of a key, made for one run of a test. */
export interface TestKey {
  readonly caller: SignedCaller;
  readonly signer: { readonly keyId: string; readonly algorithm: SignedCaller['algorithm']; readonly key: Secret };
  /** What `honestForgery` of the tests' support is told of the key. */
  readonly forger: KeyObject | Buffer;
}

/** An Ed25519 pair. */
export function createPairKey(keyId: string, service = BILLING): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const algorithm = 'ed25519';
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  const key = Secret.of(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return {
    caller: { keyId, service, algorithm, publicKey: pem },
    signer: { keyId, algorithm, key },
    forger: privateKey,
  };
}

/** A shared secret. */
export function createSharedKey(keyId: string, service = BILLING): TestKey {
  const text = randomBytes(48).toString('base64');
  const secret = Secret.of(text);
  const algorithm = 'hmac-sha256';
  return {
    caller: { keyId, service, algorithm, secret },
    signer: { keyId, algorithm, key: secret },
    forger: Buffer.from(text),
  };
}

/** The head of a request as a server has it. */
export function headOf(
  { method, url, body }: { readonly method: string; readonly url: string; readonly body?: string },
  headers: Readonly<Record<string, string>>,
): RequestHead {
  const { host, pathname, search } = new URL(url);
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return { method, url: `${pathname}${search}`, headers: { host, ...length, ...headers } };
}
