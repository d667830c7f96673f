import { createRevocations, type TrustedIssuer } from '@redoubt/auth';
import { afterEach, describe, expect, it } from 'vitest';

import { createTestApp, type TestApp } from './support/test-app.ts';

const HOUR_MS = 60 * 60 * 1000;

const issuer: TrustedIssuer = {
  issuer: 'https://issuer.example',
  audience: 'service',
  algorithms: ['ES256'],
  roles: { claim: ['roles'], map: [{ value: 'member', role: 'user' }] },
};

let service: TestApp;
afterEach(() => service.close());

/** Whether a replica that starts later still knows of the revocation. */
async function isKnownAfter(milliseconds: number): Promise<boolean> {
  const { revocations, sharedStore } = service.dependencies;
  await revocations.revoke(['token:of-somebody']);
  service.clock.advance(milliseconds);
  const later = createRevocations({ sharedStore });
  try {
    return await later.isRevoked('token:of-somebody');
  } finally {
    await later.close();
  }
}

describe('a revocation', () => {
  it('SR-7: stands for as long as a token of another issuer can live', async () => {
    service = await createTestApp({ trustedIssuers: [issuer] });
    expect(await isKnownAfter(HOUR_MS)).toBe(true);
  });

  it('SR-7: stands for as long as the longest of them says', async () => {
    service = await createTestApp({
      trustedIssuers: [issuer, { ...issuer, issuer: 'https://b.example', maxLifetimeSeconds: 86_400 }],
    });
    expect(await isKnownAfter(24 * HOUR_MS)).toBe(true);
  });

  it('goes with the last token that it could refuse', async () => {
    service = await createTestApp();
    expect(await isKnownAfter(HOUR_MS)).toBe(false);
  });
});
