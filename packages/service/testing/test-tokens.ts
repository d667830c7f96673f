import { Buffer } from 'node:buffer';

import { createKeyRing, generateSigningKeyPem, importSigningKey, type KeyRing } from '@redoubt/auth';

import type { ServiceAdapters } from '../src/create-dependencies.ts';
import type { Service } from '../src/define-service.ts';
import type { ServiceSettings } from '../src/settings/service-settings.ts';

/** What signs the tokens of a test, and as whose the service under test takes them. */
export interface TestTokens {
  readonly issuer: string;
  readonly audience: string;
  readonly keyRing: KeyRing;
  /** What the service is given to take them. */
  readonly taken: Pick<ServiceAdapters, 'ownTokens' | 'peerIssuer'>;
}

/** One key for all tests of a file: making one takes longer than most tests. */
let keyRing: Promise<KeyRing> | undefined;

/** Keys of access tokens, for tests; the same for all tests of a file. */
export function testKeyRing(): Promise<KeyRing> {
  keyRing ??= createTestKeyRing();
  return keyRing;
}

async function createTestKeyRing(): Promise<KeyRing> {
  return createKeyRing({ keys: [await importSigningKey(await generateSigningKeyPem())] });
}

/**
 * Tokens that a service under test takes as production takes its own or its peer's; those of a peer with keys that nobody
 * is called for. One that takes neither is given the test's as its own. A peer that the test gives is the one that is asked.
 */
export async function createTestTokens(
  service: Service,
  settings: ServiceSettings,
  adapters: Partial<ServiceAdapters>,
): Promise<TestTokens> {
  const own = adapters.ownTokens ?? service.ownTokens?.(settings, adapters);
  if (own !== undefined) return { issuer: settings.PUBLIC_URL, ...own, taken: { ownTokens: own } };
  const ring = await testKeyRing();
  const peer = adapters.peerIssuer ?? service.peerTokens?.(settings, adapters);
  if (peer === undefined) {
    const ownTokens = { keyRing: ring, audience: service.name };
    return { issuer: settings.PUBLIC_URL, ...ownTokens, taken: { ownTokens } };
  }
  const { issuer, audience } = peer;
  return { issuer, audience, keyRing: ring, taken: { peerIssuer: { ...peer, client: answering(ring) } } };
}

/** Answers the key set, whatever is asked. */
function answering(ring: KeyRing) {
  const body = Buffer.from(JSON.stringify(ring.publicJwks()));
  return {
    request: () => Promise.resolve({ status: 200, headers: new Map<string, string>(), body }),
    close: () => Promise.resolve(),
  };
}
