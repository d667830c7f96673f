import { generateKeyPairSync } from 'node:crypto';

import type { RequestSignerOptions, SignedCaller } from '@redoubt/auth';
import { Secret } from '@redoubt/secrets';

/** A service that signs its requests: what it has, and what is known of it. */
export interface SigningService {
  readonly caller: SignedCaller & { readonly algorithm: 'ed25519' };
  readonly signer: Pick<RequestSignerOptions, 'keyId' | 'algorithm' | 'key'>;
}

/** Makes a service with a new key. */
export function createSigningService(keyId: string, service: string): SigningService {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const algorithm = 'ed25519';
  return {
    caller: { keyId, service, algorithm, publicKey: publicKey.export({ type: 'spki', format: 'pem' }) },
    signer: { keyId, algorithm, key: Secret.of(privateKey.export({ type: 'pkcs8', format: 'pem' })) },
  };
}
