import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';

import { Secret } from '@redoubt/secrets';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { InvalidSignatureError } from '../../src/signatures/invalid-signature-error.ts';
import {
  createSignedCallerKeys,
  findSignedCallerFaults,
  type SignedCaller,
} from '../../src/signatures/signed-caller-keys.ts';
import { signBase } from '../../src/signatures/signature-key.ts';
import type { SignatureAlgorithm } from '../../src/signatures/signature-profile.ts';
import { BILLING, createPairKey, createSharedKey, SHIPPING, type TestKey } from './signers.ts';

vi.mock('node:crypto', { spy: true });
afterEach(() => vi.clearAllMocks());

const pair = createPairKey('billing-pair');
const shared = createSharedKey('billing-shared');
const shipping = createPairKey('shipping-pair', SHIPPING);
const keys = createSignedCallerKeys([pair.caller, shared.caller, shipping.caller]);
const base = Buffer.from('"@method": GET');

function signatureOf({ signer, forger }: TestKey, text = base): Buffer {
  const key = Buffer.isBuffer(forger) ? crypto.createSecretKey(forger) : forger;
  return signBase({ algorithm: signer.algorithm, key }, text);
}

function prove(keyId: string, algorithm: SignatureAlgorithm, signature: Buffer): string {
  const parameters = { keyId, algorithm, created: 0, expires: undefined, nonce: '', tag: 'service-call' as const };
  try {
    return keys.prove({ parameters, signature }, base);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidSignatureError);
    return (error as InvalidSignatureError).reason;
  }
}

describe('whose key made a signature', () => {
  it('SR-42: is known for each of several keys, so that one can follow another', () => {
    expect(prove('billing-pair', 'ed25519', signatureOf(pair))).toBe(BILLING);
    expect(prove('billing-shared', 'hmac-sha256', signatureOf(shared))).toBe(BILLING);
    expect(prove('shipping-pair', 'ed25519', signatureOf(shipping))).toBe(SHIPPING);
  });

  it('SR-42: is nobody for another key, another text, or a signature of another length', () => {
    expect(prove('billing-pair', 'ed25519', signatureOf(shipping))).toBe('signature');
    expect(prove('billing-pair', 'ed25519', signatureOf(pair, Buffer.from('x')))).toBe('signature');
    expect(prove('billing-shared', 'hmac-sha256', signatureOf(createSharedKey('x')))).toBe('signature');
    for (const [keyId, algorithm, whole] of [
      ['billing-pair', 'ed25519', signatureOf(pair)],
      ['billing-shared', 'hmac-sha256', signatureOf(shared)],
    ] as const) {
      expect(prove(keyId, algorithm, whole.subarray(1))).toBe('signature');
      expect(prove(keyId, algorithm, Buffer.concat([whole, Buffer.alloc(1)]))).toBe('signature');
      expect(prove(keyId, algorithm, Buffer.alloc(0))).toBe('signature');
    }
  });

  it('SR-3, SR-42: a public key is no shared secret, in whatever form', () => {
    if (pair.caller.algorithm !== 'ed25519') throw new Error('the pair has a public key');
    const { publicKey } = pair.caller;
    const key = createPublicKey(publicKey);
    const der = key.export({ type: 'spki', format: 'der' });
    for (const secret of [publicKey, publicKey.trim(), der, der.subarray(-32), der.toString('base64')]) {
      const signature = crypto.createHmac('sha256', secret).update(base).digest();
      expect(prove('billing-pair', 'hmac-sha256', signature)).toBe('algorithm');
      expect(prove('billing-pair', 'ed25519', signature)).toBe('signature');
    }
  });

  it('SR-42: a key has one algorithm, whatever the message says', () => {
    expect(prove('billing-pair', 'hmac-sha256', signatureOf(pair))).toBe('algorithm');
    expect(prove('billing-shared', 'ed25519', signatureOf(shared))).toBe('algorithm');
  });

  it('SR-42: a key that does not exist costs the same computations as one that does', () => {
    for (const [algorithm, known] of [
      ['ed25519', 'billing-pair'],
      ['hmac-sha256', 'billing-shared'],
    ] as const) {
      const signature = Buffer.alloc(algorithm === 'ed25519' ? 64 : 32);
      const counts = [known, 'nobody', 'constructor', '__proto__'].map((keyId) => {
        vi.clearAllMocks();
        expect(prove(keyId, algorithm, signature)).toBe(keyId === known ? 'signature' : 'unknown-key');
        const { verify, createHmac, timingSafeEqual } = crypto;
        return [verify, createHmac, timingSafeEqual].map((called) => vi.mocked(called).mock.calls.length);
      });
      expect(new Set(counts.map(String)).size).toBe(1);
      expect(counts[0]).toStrictEqual(algorithm === 'ed25519' ? [1, 0, 0] : [0, 1, 1]);
    }
  });
});

describe('the list of signed callers', () => {
  const other = createPairKey('other');
  const faults = (...callers: readonly object[]): readonly string[] =>
    findSignedCallerFaults(callers as readonly SignedCaller[], { edges: ['spiffe://example.internal/edge'] }).map(
      ({ pointer }) => pointer,
    );

  it('is taken when nothing is wrong with it', () => {
    expect(faults(pair.caller, shared.caller, other.caller)).toStrictEqual([]);
  });

  it('SR-53: tells every fault with its place', () => {
    const services = ['billing', '', 'spiffe://example.internal', 'spiffe://example.internal/edge'];
    for (const service of services) expect(faults({ ...pair.caller, service })).toStrictEqual(['/0/service']);
    for (const keyId of ['', 'a b', 'a:b', 'é', 'x'.repeat(65)])
      expect(faults({ ...pair.caller, keyId })).toStrictEqual(['/0/keyId']);
    expect(faults(pair.caller, { ...other.caller, keyId: pair.caller.keyId })).toStrictEqual(['/1/keyId']);
    expect(faults({ ...pair.caller, keyId: '', service: '', publicKey: '' })).toStrictEqual([
      '/0/keyId',
      '/0/service',
      '/0/publicKey',
    ]);
  });

  it('SR-42: refuses a key that another entry has: whoever holds it would be both', () => {
    expect(faults(pair.caller, { ...pair.caller, keyId: 'again', service: SHIPPING })).toStrictEqual(['/1/publicKey']);
    expect(faults(shared.caller, { ...shared.caller, keyId: 'again' })).toStrictEqual(['/1/secret']);
  });

  it('SR-51: refuses a secret that could be guessed', () => {
    for (const text of ['', 'x'.repeat(31), 'abcdefghijklmnopqrstuvwxyz01234', 'abcd'.repeat(8)])
      expect(faults({ ...shared.caller, secret: Secret.of(text) })).toStrictEqual(['/0/secret']);
    expect(faults({ ...shared.caller, secret: Secret.of('abcdefghijklmnopqrstuvwxyz012345') })).toStrictEqual([]);
  });

  it('SR-51: refuses a key of another kind, and above all a private one', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const x25519 = generateKeyPairSync('x25519');
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    const secretPem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const wrong = [
      ec.publicKey.export({ type: 'spki', format: 'pem' }),
      x25519.publicKey.export({ type: 'spki', format: 'pem' }),
      secretPem,
      `${pem}${secretPem}`,
      `${pem}${pem}`,
      pem.replaceAll('PUBLIC', 'PRIVATE'),
      pem.slice(0, 60),
      'c4n4ry',
    ];
    for (const text of wrong) {
      expect(faults({ ...pair.caller, publicKey: text })).toStrictEqual(['/0/publicKey']);
      const [fault] = findSignedCallerFaults([{ ...pair.caller, publicKey: text } as SignedCaller]);
      expect(fault?.expected).not.toContain('c4n4ry');
    }
  });

  it('is a mistake of our own where nobody looked for faults', () => {
    expect(() => createSignedCallerKeys([{ ...pair.caller, service: 'billing' }])).toThrow(TypeError);
  });
});
