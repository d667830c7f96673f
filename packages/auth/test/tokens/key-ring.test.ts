import { beforeAll, describe, expect, it } from 'vitest';

import { createKeyRing } from '../../src/tokens/key-ring.ts';
import { generateSigningKeyPem, importSigningKey, type SigningKey } from '../../src/tokens/signing-key.ts';

let first: SigningKey;
let second: SigningKey;
beforeAll(async () => {
  [first, second] = await Promise.all([
    generateSigningKeyPem().then((pem) => importSigningKey(pem)),
    generateSigningKeyPem().then((pem) => importSigningKey(pem)),
  ]);
});

describe('the key ring', () => {
  it('SR-52: signs with the active key, and verifies with all', () => {
    const ring = createKeyRing({ keys: [{ ...first, state: 'published' }, second] });
    expect(ring.signingKey().kid).toBe(second.kid);
    expect(ring.verificationKey(first.kid)?.publicKey).toBe(first.publicKey);
    expect(ring.verificationKey(second.kid)?.publicKey).toBe(second.publicKey);
    expect(ring.verificationKey('unknown')).toBeUndefined();
    expect(ring.verificationKey('__proto__')).toBeUndefined();
  });

  it('SR-52: publishes every key, whatever its state', () => {
    const ring = createKeyRing({ keys: [first, { ...second, state: 'retired' }] });
    expect(ring.publicJwks()).toStrictEqual({ keys: [first.publicJwk, second.publicJwk] });
    expect(ring.publicJwks()).toBe(ring.publicJwks());
    expect(Object.isFrozen(ring.publicJwks().keys)).toBe(true);
  });

  it('SR-4: publishes nothing private', () => {
    const text = JSON.stringify(createKeyRing({ keys: [first] }).publicJwks());
    expect(Object.keys((JSON.parse(text) as { keys: [object] }).keys[0]).toSorted()).toStrictEqual([
      'alg',
      'crv',
      'kid',
      'kty',
      'use',
      'x',
      'y',
    ]);
  });

  it('SR-52: takes other keys while it runs, and counts the change', () => {
    const ring = createKeyRing({ keys: [first] });
    const before = ring.version;
    ring.replace([second]);
    expect(ring.version).not.toBe(before);
    expect(ring.signingKey().kid).toBe(second.kid);
    expect(ring.verificationKey(first.kid)).toBeUndefined();
  });

  it('keeps its keys when the new ones are not a ring', () => {
    const ring = createKeyRing({ keys: [first] });
    const { version } = ring;
    for (const keys of [
      [],
      [{ ...second, state: 'retired' as const }],
      [first, second],
      [first, { ...first, state: 'retired' as const }],
    ]) {
      expect(() => ring.replace(keys)).toThrow(TypeError);
      expect(() => createKeyRing({ keys })).toThrow(TypeError);
    }
    expect(ring.version).toBe(version);
    expect(ring.signingKey().kid).toBe(first.kid);
  });
});
