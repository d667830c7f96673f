import { createPrivateKey, generateKeyPairSync, subtle } from 'node:crypto';
import { inspect } from 'node:util';

import { Secret } from '@redoubt/secrets';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';

import { SigningKeyError } from '../../src/errors.ts';
import { generateSigningKeyPem, importSigningKey } from '../../src/tokens/signing-key.ts';

const pemOf = (curve: string) =>
  generateKeyPairSync('ec', { namedCurve: curve }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const jwkOf = (pem: Secret) => createPrivateKey(pem.expose()).export({ format: 'jwk' });

describe('signing keys', () => {
  it('SR-51: a new key comes as PKCS#8 PEM inside a secret', async () => {
    const pem = await generateSigningKeyPem();
    expect(pem.expose()).toMatch(/^-----BEGIN PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+-----END PRIVATE KEY-----\n$/);
    expect(`${inspect(pem)}${JSON.stringify(pem)}`).not.toContain('PRIVATE');
  });

  it('has the RFC 7638 thumbprint as its id, from PEM and from JWK alike', async () => {
    const pem = await generateSigningKeyPem();
    const fromPem = await importSigningKey(pem);
    const fromJwk = await importSigningKey(Secret.of(JSON.stringify(jwkOf(pem))));
    expect(fromPem.kid).toBe(await calculateJwkThumbprint(jwkOf(pem)));
    expect(fromPem.kid).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(fromJwk.publicJwk).toStrictEqual(fromPem.publicJwk);
  });

  it('the private half cannot be exported again, and does not print', async () => {
    const pem = await generateSigningKeyPem();
    const key = await importSigningKey(pem, 'published');
    for (const format of ['pkcs8', 'jwk', 'raw'] as const)
      await expect(subtle.exportKey(format, key.privateKey)).rejects.toThrow(/extractable|Unsupported|Unable/);
    expect(`${inspect(key, { depth: 9, showHidden: true })}${JSON.stringify(key)}`).not.toContain(jwkOf(pem).d);
    expect(key).toHaveProperty('state', 'published');
  });

  it('SR-4: the published half has the public members alone', async () => {
    const { kid, publicJwk } = await importSigningKey(await generateSigningKeyPem());
    expect(publicJwk).toStrictEqual({
      kty: 'EC',
      crv: 'P-256',
      x: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as unknown,
      y: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as unknown,
      use: 'sig',
      alg: 'ES256',
      kid,
    });
  });

  const wrong: Record<string, () => string> = {
    nothing: () => '',
    words: () => 'not a key',
    'a public key': () =>
      generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({ type: 'spki', format: 'pem' }),
    'SEC1 PEM': () =>
      generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ type: 'sec1', format: 'pem' }),
    'a truncated PEM': () => pemOf('prime256v1').slice(0, 60),
    'P-384': () => pemOf('secp384r1'),
    secp256k1: () => pemOf('secp256k1'),
    Ed25519: () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
    RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    'a JWK cut short': () => '{"kty":"EC","crv":"P-256","d":"c2VjcmV0',
    'a symmetric JWK': () => JSON.stringify({ kty: 'oct', k: 'AAAA' }),
    'a JWK on another curve': () =>
      JSON.stringify(generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey.export({ format: 'jwk' })),
  };
  it.each(Object.entries(wrong))(
    'SR-3: %s is refused, and the refusal shows nothing of it',
    async (_name, material) => {
      const text = material();
      const refusal: unknown = await importSigningKey(Secret.of(text)).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(SigningKeyError);
      expect(refusal).toHaveProperty('code', 'invalid_signing_key');
      expect((refusal as Error).cause).toBeUndefined();
      expect((refusal as Error).message).toBe('the signing key must be a P-256 private key, as PKCS#8 PEM or JWK');
    },
  );

  it('a public JWK is refused, and a private one whose halves are of two keys', async () => {
    const [first, second] = [jwkOf(await generateSigningKeyPem()), jwkOf(await generateSigningKeyPem())];
    const { d: _d, ...publicOnly } = first;
    await expect(importSigningKey(Secret.of(JSON.stringify(publicOnly)))).rejects.toThrow(SigningKeyError);
    await expect(importSigningKey(Secret.of(JSON.stringify({ ...first, d: second.d })))).rejects.toThrow(
      SigningKeyError,
    );
  });
});
