import { describe, expect, it } from 'vitest';

import { findTrustedIssuerFaults } from '../../src/issuers/trusted-issuer-faults.ts';
import type { TrustedIssuer } from '../../src/issuers/trusted-issuer.ts';
import { createMultiIssuerVerifier } from '../../src/issuers/multi-issuer-verifier.ts';
import { createKeyRing } from '../../src/tokens/key-ring.ts';
import { generateSigningKeyPem, importSigningKey } from '../../src/tokens/signing-key.ts';
import { AUDIENCE, ISSUER, roles } from '../tokens/forge.ts';

const fine: TrustedIssuer = {
  issuer: 'https://id.example.test/realm',
  audience: AUDIENCE,
  algorithms: ['ES256'],
  roles: { claim: ['roles'], map: [{ value: 'operators', role: 'admin' }] },
};

function pointersOf(...issuers: readonly TrustedIssuer[]): string[] {
  return findTrustedIssuerFaults(issuers, { taken: [ISSUER], roles }).map(({ pointer }) => pointer);
}

describe('a list of trusted issuers', () => {
  it('is taken as it is described', () => {
    expect(pointersOf(fine, { ...fine, issuer: `${fine.issuer}/` })).toEqual([]);
    expect(pointersOf({ ...fine, issuer: 'http://127.0.0.1:8080', reach: 'loopback' })).toEqual([]);
  });

  const broken: Readonly<Record<string, readonly [Partial<TrustedIssuer>, string]>> = {
    'plain http': [{ issuer: 'http://id.example.test' }, '/0/issuer'],
    'a query': [{ issuer: 'https://id.example.test?realm=a' }, '/0/issuer'],
    'a space': [{ issuer: ' https://id.example.test' }, '/0/issuer'],
    'an address of the own network': [{ issuer: 'https://10.0.0.1' }, '/0/issuer'],
    'the own issuer': [{ issuer: ISSUER }, '/0/issuer'],
    'a key set over plain http': [{ jwksUrl: 'http://id.example.test/keys' }, '/0/jwksUrl'],
    'no audience': [{ audience: ' ' }, '/0/audience'],
    'no algorithm': [{ algorithms: [] }, '/0/algorithms'],
    'a type that ID tokens have, and no marker': [{ tokenType: 'JWT' }, '/0/marker'],
    'no type and no marker': [{ tokenType: 'absent' }, '/0/marker'],
    'a role that there is not': [{ roles: { claim: ['r'], map: [{ value: 'a', role: 'root' }] } }, '/0/roles'],
    'a default role that there is not': [{ roles: { claim: ['r'], map: [], defaultRole: 'root' } }, '/0/roles'],
    'a life of two days': [{ maxLifetimeSeconds: 172_800 }, '/0/maxLifetimeSeconds'],
  };
  for (const [what, [changes, pointer]] of Object.entries(broken)) {
    it(`SR-15: is refused with ${what}`, () => {
      expect(pointersOf({ ...fine, ...changes })).toEqual([pointer]);
    });
  }

  it('SR-15: names an issuer once', () => {
    expect(pointersOf(fine, { ...fine, audience: 'other' })).toEqual(['/1/issuer']);
  });

  it('SR-15: makes no verifier while it has a fault', async () => {
    const keyRing = createKeyRing({ keys: [await importSigningKey(await generateSigningKeyPem())] });
    const own = { keyRing, issuer: ISSUER, audience: AUDIENCE, roles, onIssuerFault: () => undefined };
    const wrong = { ...fine, algorithms: [] };
    expect(() => createMultiIssuerVerifier({ ...own, trustedIssuers: [wrong] })).toThrow('/0/algorithms');
  });
});
