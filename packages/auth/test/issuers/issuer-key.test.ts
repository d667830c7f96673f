import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { IssuerDocumentError } from '../../src/errors.ts';
import { parseIssuerKeys } from '../../src/issuers/issuer-key.ts';
import { EXTERNAL_ALGORITHMS, type ExternalAlgorithm } from '../../src/issuers/trusted-issuer.ts';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const edwards = generateKeyPairSync('ed25519');

type Jwk = Record<string, unknown>;

function jwk(key: KeyObject, changes: Jwk = {}): Jwk {
  return { ...key.export({ format: 'jwk' }), kid: 'one', ...changes };
}

function algorithmsOf(keys: unknown, allowed: readonly ExternalAlgorithm[] = EXTERNAL_ALGORITHMS): string[] {
  return [...parseIssuerKeys(new Map([['keys', keys]]), allowed).values()].map(({ algorithm }) => algorithm);
}

describe("an issuer's key set", () => {
  it('SR-3: gives each key the one algorithm that it says', () => {
    expect(algorithmsOf([jwk(rsa.publicKey, { alg: 'PS256' })])).toEqual(['PS256']);
    expect(algorithmsOf([jwk(rsa.publicKey, { alg: 'RS256', use: 'sig' })])).toEqual(['RS256']);
    expect(algorithmsOf([jwk(ec.publicKey, { alg: 'ES256' })])).toEqual(['ES256']);
    expect(algorithmsOf([jwk(edwards.publicKey, { alg: 'EdDSA', key_ops: ['verify'] })])).toEqual(['EdDSA']);
  });

  it("SR-3: gives a key that says none the only one of its kind that is the issuer's, and leaves it out if there are two", () => {
    expect(algorithmsOf([jwk(rsa.publicKey)], ['RS256', 'ES256'])).toEqual(['RS256']);
    expect(algorithmsOf([jwk(rsa.publicKey)], ['PS256'])).toEqual(['PS256']);
    expect(algorithmsOf([jwk(rsa.publicKey)], ['RS256', 'PS256'])).toEqual([]);
    expect(algorithmsOf([jwk(ec.publicKey)], ['RS256'])).toEqual([]);
  });

  const unfit: Record<string, Jwk> = {
    'for encryption': jwk(rsa.publicKey, { alg: 'RS256', use: 'enc' }),
    'for another operation': jwk(ec.publicKey, { key_ops: ['encrypt'] }),
    'for operations that are no list': jwk(ec.publicKey, { key_ops: 'verify' }),
    'private, on a curve': jwk(ec.privateKey),
    'private, of RSA': jwk(rsa.privateKey, { alg: 'RS256' }),
    symmetric: { kty: 'oct', k: randomBytes(32).toString('base64url'), kid: 'one', alg: 'HS256' },
    'symmetric under another name': { kty: 'oct', k: randomBytes(32).toString('base64url'), kid: 'one', alg: 'RS256' },
    'of RSA with 1024 bits': jwk(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey, { alg: 'RS256' }),
    'on P-384': jwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey),
    'on P-384, called ES256': jwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey, { alg: 'ES256' }),
    'on secp256k1': jwk(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey),
    'for an algorithm of another kind': jwk(ec.publicKey, { alg: 'RS256' }),
    'for HS256': jwk(rsa.publicKey, { alg: 'HS256' }),
    'for none': jwk(rsa.publicKey, { alg: 'none' }),
    'for nothing that can be read': jwk(ec.publicKey, { alg: null }),
    'without an id': jwk(ec.publicKey, { kid: undefined }),
    'with a path for an id': jwk(ec.publicKey, { kid: '../one' }),
    'with a number for an id': jwk(ec.publicKey, { kid: 1 }),
    'not on its curve': jwk(ec.publicKey, { x: randomBytes(32).toString('base64url') }),
    'without a part': jwk(ec.publicKey, { y: undefined }),
  };
  for (const [what, key] of Object.entries(unfit)) {
    it(`SR-15: leaves out a key that is ${what}, and keeps the others`, () => {
      expect(algorithmsOf([key, jwk(edwards.publicKey, { kid: 'two' })])).toEqual(['EdDSA']);
    });
  }

  it('SR-15: leaves out what is no key', () => {
    expect(algorithmsOf([null, 1, 'key', [], {}, [jwk(ec.publicKey)]])).toEqual([]);
  });

  it('SR-15: is refused with 65 keys, with two of one id, and when it is no list', () => {
    const many = Array.from({ length: 65 }, (_, index) => jwk(ec.publicKey, { kid: `key-${index}` }));
    expect(algorithmsOf(many.slice(0, 64))).toHaveLength(64);
    for (const keys of [many, [jwk(ec.publicKey), jwk(edwards.publicKey)], {}, null, undefined, 'keys'])
      expect(() => algorithmsOf(keys)).toThrow(IssuerDocumentError);
  });
});
