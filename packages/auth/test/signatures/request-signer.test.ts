import { Buffer } from 'node:buffer';
import { createHmac, createPublicKey, verify as verifyEd25519 } from 'node:crypto';

import { Secret } from '@redoubt/secrets';
import { createMemoryStore } from '@redoubt/storage';
import { createManualClock } from '@redoubt/testing';
import { createSignatureSync, verifySignature } from 'http-message-sig';
import { describe, expect, it } from 'vitest';

import { createRequestSigner, type SignableRequest } from '../../src/signatures/request-signer.ts';
import { signBase } from '../../src/signatures/signature-key.ts';
import { importPrivateKey, importSharedSecret } from '../../src/signatures/signature-key.ts';
import { createSignatureVerifier } from '../../src/signatures/signature-verifier.ts';
import { createSignedCallerKeys } from '../../src/signatures/signed-caller-keys.ts';
import { BILLING, createPairKey, createSharedKey, headOf, type TestKey } from './signers.ts';

const clock = createManualClock();
const nowSeconds = clock.now() / 1000;
const NONCE = 'AAAAAAAAAAAAAAAAAAAAAAAA';
const pair = createPairKey('billing-pair');
const shared = createSharedKey('billing-shared');
const verify = createSignatureVerifier({
  keys: createSignedCallerKeys([pair.caller, shared.caller]),
  store: createMemoryStore({ now: clock.now }),
  now: clock.now,
});
const requests: readonly (SignableRequest & { readonly url: string; readonly body?: string })[] = [
  { method: 'GET', url: 'https://api.example/a' },
  { method: 'GET', url: 'https://api.example' },
  { method: 'DELETE', url: 'https://api.example:8443/a/?b=c%20d&e=?' },
  { method: 'GET', url: 'https://[::1]:3000/a?' },
  { method: 'POST', url: 'http://127.0.0.1:3000/ä?ü=1', body: '{"a":"ö"}' },
  { method: 'PUT', url: 'https://API.example:443/a', body: '{}' },
];

function createSigner(key: TestKey, options: object = {}) {
  return createRequestSigner({ ...key.signer, now: clock.now, ...options });
}

describe('the caller of a signed request', () => {
  it('SR-42: writes one signature in the form of RFC 9421', () => {
    const headers = createSigner(pair, { createNonce: () => NONCE }).sign({
      method: 'GET',
      url: 'https://a.example/b',
    });
    expect(headers).toStrictEqual({
      'signature-input': `sig=("@method" "@authority" "@path" "@query");created=${nowSeconds};nonce="${NONCE}";keyid="billing-pair";alg="ed25519";tag="service-call"`,
      signature: expect.stringMatching(/^sig=:[A-Za-z0-9+/]{86}==:$/) as unknown,
    });
  });

  it('SR-42: signs every request anew', () => {
    const signer = createSigner(shared);
    const [request] = requests;
    if (request === undefined) throw new Error('there is a request');
    const inputs = Array.from({ length: 100 }, () => signer.sign(request)['signature-input']);
    expect(new Set(inputs).size).toBe(100);
  });

  for (const [algorithm, key] of Object.entries({ ed25519: pair, 'hmac-sha256': shared })) {
    it(`SR-42: is understood by the verifier (${algorithm})`, async () => {
      for (const request of requests) {
        const headers = createSigner(key).sign(request);
        expect((await verify(headOf(request, headers))).caller.serviceId).toBe(BILLING);
      }
    });
  }

  it('takes a body as text or as bytes, and an empty one as none', () => {
    const signer = createSigner(pair);
    const request = { method: 'POST', url: new URL('https://a.example/b') };
    const asText = signer.sign({ ...request, body: 'ö' })['content-digest'];
    expect(signer.sign({ ...request, body: Buffer.from('ö') })['content-digest']).toBe(asText);
    for (const body of ['', new Uint8Array()])
      expect(signer.sign({ ...request, body })).not.toHaveProperty('content-digest');
  });

  it('SR-51: refuses a key that it cannot use, and does not repeat it', () => {
    const wrong = [
      { ...pair.signer, algorithm: 'hmac-sha256', key: Secret.of('c4n4ry') },
      { ...pair.signer, key: Secret.of('c4n4ry') },
      { ...shared.signer, algorithm: 'ed25519' },
      { ...pair.signer, keyId: 'c4n4ry:c4n4ry' },
    ] as const;
    for (const options of wrong) {
      expect(() => createRequestSigner(options)).toThrow(TypeError);
      expect(() => createRequestSigner(options)).not.toThrow(/c4n4ry/);
    }
  });

  it('refuses an address that is no http, and a nonce that could be guessed', () => {
    for (const url of ['/relative', 'ftp://a.example/', 'file:///etc/passwd', ''])
      expect(() => createSigner(pair).sign({ method: 'GET', url })).toThrow(TypeError);
    const signer = createSigner(pair, { createNonce: () => '1' });
    expect(() => signer.sign({ method: 'GET', url: 'https://a.example/' })).toThrow(TypeError);
  });
});

/** A library that was written from the same RFC, by others. */
describe('another implementation of RFC 9421', () => {
  const algorithms = { ed25519: pair, 'hmac-sha256': shared } as const;
  const describeRequest = ({ method, url }: SignableRequest, fields: Readonly<Record<string, string | undefined>>) => ({
    kind: 'request' as const,
    method,
    targetUri: new URL(url).href,
    fields: Object.entries(fields).map(([name, value]) => ({ name, value: value ?? '' })),
  });

  for (const [algorithm, key] of Object.entries(algorithms)) {
    it(`SR-42: takes what our signer writes (${algorithm})`, async () => {
      for (const request of requests) {
        const fields = createSigner(key).sign(request);
        const verified = await verifySignature(describeRequest(request, fields), {
          policy: {
            algorithms: [algorithm],
            requiredComponents: ['@method', '@authority', '@path', '@query'],
            requiredParameters: ['created', 'nonce', 'keyid', 'alg', 'tag'],
            maxAge: 300,
            now: nowSeconds,
          },
          resolveVerifier: () => ({ algorithm, verify: (base, signature) => isOf(key, base, signature) }),
        });
        expect(verified.parameters).toMatchObject({ keyid: key.signer.keyId, created: nowSeconds });
      }
    });

    it(`SR-42: writes what our verifier takes (${algorithm})`, async () => {
      for (const [index, request] of requests.entries()) {
        const digest = request.body === undefined ? {} : createSigner(key).sign(request);
        const fields = request.body === undefined ? {} : { 'content-digest': digest['content-digest'] };
        const { signature, signatureInput } = createSignatureSync(describeRequest(request, fields), {
          components: ['@method', '@authority', '@path', '@query', ...Object.keys(fields)],
          parameters: {
            tag: 'service-call',
            keyid: key.signer.keyId,
            nonce: `${NONCE}${index}`,
            alg: algorithm,
            created: nowSeconds,
            expires: nowSeconds + 60,
          },
          signer: { algorithm, sign: (base) => signWith(key, base) },
        });
        const head = headOf(request, { ...fields, signature, 'signature-input': signatureInput } as Record<
          string,
          string
        >);
        expect((await verify(head)).caller.serviceId).toBe(BILLING);
      }
    });
  }
});

function signWith({ signer: { algorithm, key } }: TestKey, base: Uint8Array): Uint8Array {
  const imported = algorithm === 'ed25519' ? importPrivateKey(key) : importSharedSecret(key);
  if (imported === undefined) throw new Error('the test has a usable key');
  return signBase(imported, Buffer.from(base));
}

function isOf({ caller }: TestKey, base: Uint8Array, signature: Uint8Array): boolean {
  if (caller.algorithm === 'ed25519') return verifyEd25519(null, base, createPublicKey(caller.publicKey), signature);
  return createHmac('sha256', caller.secret.expose()).update(base).digest().equals(signature);
}
