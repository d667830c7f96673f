import { Buffer } from 'node:buffer';

import { createMemoryStore, SharedStoreUnavailableError } from '@redoubt/storage';
import { createManualClock, honestForgery, signForgery } from '@redoubt/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatContentDigest } from '../../src/signatures/content-digest.ts';
import { InvalidSignatureError } from '../../src/signatures/invalid-signature-error.ts';
import { createRequestSigner } from '../../src/signatures/request-signer.ts';
import type { SignatureTag } from '../../src/signatures/signature-profile.ts';
import {
  createSignatureVerifier,
  type RequestHead,
  type SignatureVerifierOptions,
} from '../../src/signatures/signature-verifier.ts';
import { createSignedCallerKeys } from '../../src/signatures/signed-caller-keys.ts';
import { BILLING, createPairKey, createSharedKey, headOf, SHIPPING } from './signers.ts';

const clock = createManualClock();
const pair = createPairKey('billing-pair');
const shared = createSharedKey('billing-shared');
const shipping = createPairKey('shipping-pair', SHIPPING);
const keys = createSignedCallerKeys([pair.caller, shared.caller, shipping.caller]);
const request = { method: 'POST', url: 'https://api.example/calls/1?q=a', body: '{"amount":1}' };

function createVerifier(options: Partial<SignatureVerifierOptions> = {}) {
  return createSignatureVerifier({ keys, store: createMemoryStore({ now: clock.now }), now: clock.now, ...options });
}

function sign(key = pair, options: { now?: () => number; tag?: SignatureTag; createNonce?: () => string } = {}) {
  return headOf(request, createRequestSigner({ ...key.signer, now: clock.now, ...options }).sign(request));
}

async function faultOf(head: RequestHead, verify = createVerifier()): Promise<string> {
  try {
    await verify(head);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidSignatureError);
    return (error as InvalidSignatureError).reason;
  }
}

/** The same request, created so many seconds from now. */
const createdIn = (seconds: number): RequestHead => sign(pair, { now: () => clock.now() + seconds * 1000 });

describe('a signed request', () => {
  it('SR-42: is its service, and says what the body must be', async () => {
    for (const key of [pair, shared]) {
      const proven = await createVerifier()(sign(key));
      expect(proven.caller).toStrictEqual({ kind: 'service', serviceId: BILLING });
      expect(proven.bodyDigest).toHaveLength(32);
    }
  });

  it('SR-42: is taken from 300 s after its creation to 30 s before, and not a second longer', async () => {
    for (const seconds of [-300, -1, 0, 30]) expect(await faultOf(createdIn(seconds))).toBe('none');
    expect(await faultOf(createdIn(-301))).toBe('stale');
    expect(await faultOf(createdIn(31))).toBe('future');
  });

  it('SR-42: is taken once, for as long as it could be taken at all', async () => {
    const verify = createVerifier();
    const head = createdIn(30);
    expect(await faultOf(head, verify)).toBe('none');
    for (const [afterMs, fault] of [
      [0, 'replayed'],
      [60_000, 'replayed'],
      [269_000, 'replayed'],
      [1000, 'replayed'],
      [1000, 'stale'],
    ] as const) {
      clock.advance(afterMs);
      expect(await faultOf(head, verify)).toBe(fault);
    }
  });

  it('SR-42: is remembered for 600 s, for replicas whose clocks differ', async () => {
    const ttls: number[] = [];
    const store = {
      setIfAbsent: (_key: string, _value: string, ttlMs: number) => {
        ttls.push(ttlMs);
        return Promise.resolve(true);
      },
    };
    expect(await faultOf(sign(), createVerifier({ store }))).toBe('none');
    expect(ttls).toStrictEqual([600_000]);
  });

  it('SR-42: has a nonce of its own for each key: the same one of two keys is no replay', async () => {
    const verify = createVerifier();
    const createNonce = (): string => 'AAAAAAAAAAAAAAAAAAAAAA';
    for (const key of [pair, shared, shipping]) {
      expect(await faultOf(sign(key, { createNonce }), verify)).toBe('none');
      expect(await faultOf(sign(key, { createNonce, now: () => clock.now() - 1000 }), verify)).toBe('replayed');
    }
  });

  it('SR-42: exactly one of 20 at once is taken', async () => {
    const verify = createVerifier();
    const head = sign();
    const faults = await Promise.all(Array.from({ length: 20 }, () => faultOf(head, verify)));
    expect(faults.filter((fault) => fault === 'none')).toHaveLength(1);
    expect(faults.filter((fault) => fault === 'replayed')).toHaveLength(19);
  });

  it('SR-42: fills the store with no nonce that was not proven', async () => {
    const written: string[] = [];
    const store = {
      setIfAbsent: (key: string) => {
        written.push(key);
        return Promise.resolve(true);
      },
    };
    const verify = createVerifier({ store });
    const refused = [
      createdIn(-301),
      createdIn(31),
      sign(createPairKey('billing-pair')),
      sign(createPairKey('nobody')),
      sign(pair, { tag: 'webhook' }),
      { ...sign(), method: 'PUT' },
      { ...sign(), url: '/calls/2?q=a' },
    ];
    for (const head of refused) expect(await faultOf(head, verify)).not.toBe('none');
    expect(written).toStrictEqual([]);
    await verify(sign());
    expect(written).toHaveLength(1);
  });

  it('SR-30: is not taken while the store is away, nor when it answers anything but yes', async () => {
    const away = { setIfAbsent: () => Promise.reject(new SharedStoreUnavailableError('c4n4ry')) };
    await expect(createVerifier({ store: away })(sign())).rejects.toThrow(SharedStoreUnavailableError);
    for (const answer of [false, undefined, null, 'OK', 1]) {
      const store = { setIfAbsent: () => Promise.resolve(answer as boolean) };
      expect(await faultOf(sign(), createVerifier({ store }))).toBe('replayed');
    }
  });

  it('SR-42: is for one purpose', async () => {
    const webhooks = createVerifier({ tag: 'webhook' });
    expect(await faultOf(sign(pair, { tag: 'webhook' }), webhooks)).toBe('none');
    expect(await faultOf(sign(), webhooks)).toBe('purpose');
    expect(await faultOf(sign(pair, { tag: 'webhook' }))).toBe('purpose');
  });
});

/** The parts of a request that a signature covers, each as a text in which a character can be changed. */
const parts = {
  method: (head: RequestHead, change: (text: string) => string) => ({ ...head, method: change(head.method ?? '') }),
  target: (head: RequestHead, change: (text: string) => string) => ({ ...head, url: change(head.url ?? '') }),
  ...Object.fromEntries(
    ['host', 'content-digest', 'signature-input', 'signature'].map((name) => [
      name,
      (head: RequestHead, change: (text: string) => string) => ({
        ...head,
        headers: { ...head.headers, [name]: change(String(head.headers[name])) },
      }),
    ]),
  ),
} as Readonly<Record<string, (head: RequestHead, change: (text: string) => string) => RequestHead>>;

describe('a character of a signed request', () => {
  for (const [name, changed] of Object.entries(parts)) {
    for (const [algorithm, key] of Object.entries({ ed25519: pair, 'hmac-sha256': shared })) {
      it(`SR-42: cannot be changed in its ${name} (${algorithm})`, async () => {
        const verify = createVerifier();
        const head = sign(key);
        await fc.assert(
          fc.asyncProperty(fc.nat(), fc.integer({ min: 0x20, max: 0x7e }), async (at, code) => {
            const change = (text: string): string => {
              const index = at % text.length;
              return `${text.slice(0, index)}${String.fromCodePoint(code)}${text.slice(index + 1)}`;
            };
            const tampered = changed(head, change);
            // Host names have no case (RFC 9110, section 4.2.3); the other parts are bytes.
            const isSame =
              JSON.stringify(tampered) === JSON.stringify(head) ||
              (name === 'host' && tampered.headers.host?.toLowerCase() === head.headers.host);
            fc.pre(!isSame);
            expect(await faultOf(tampered, verify)).not.toBe('none');
          }),
          { numRuns: 300 },
        );
        expect(await faultOf(head, verify)).toBe('none');
      });
    }
  }

  it('SR-42: cannot be left out or added in its target, host and digest', async () => {
    const verify = createVerifier();
    const head = sign();
    for (const name of ['target', 'host', 'content-digest', 'signature-input', 'signature']) {
      const change = parts[name] ?? (() => head);
      for (const added of ['x', ' ', '\n', '?', '0']) {
        expect(
          await faultOf(
            change(head, (text) => `${text}${added}`),
            verify,
          ),
        ).not.toBe('none');
        expect(
          await faultOf(
            change(head, (text) => `${added}${text}`),
            verify,
          ),
        ).not.toBe('none');
      }
      expect(
        await faultOf(
          change(head, (text) => text.slice(1)),
          verify,
        ),
      ).not.toBe('none');
      expect(
        await faultOf(
          change(head, (text) => text.slice(0, -1)),
          verify,
        ),
      ).not.toBe('none');
    }
    expect(await faultOf(head, verify)).toBe('none');
  });
});

describe('the body of a signed request', () => {
  const bare = { method: 'POST', url: request.url };
  const signer = createRequestSigner({ ...pair.signer, now: clock.now });
  const withBody = (headers: Record<string, string>): RequestHead => headOf(bare, headers);

  it('SR-42: must be signed by its digest, however its end is told', async () => {
    for (const framing of [{ 'content-length': '12' }, { 'content-length': '00' }, { 'transfer-encoding': 'chunked' }])
      expect(await faultOf(withBody({ ...signer.sign(bare), ...framing }))).toBe('digest');
  });

  it('SR-42: may be absent, with or without the digest of nothing', async () => {
    for (const framing of [{}, { 'content-length': '0' }]) {
      expect(await createVerifier()(withBody({ ...signer.sign(bare), ...framing }))).toMatchObject({
        bodyDigest: undefined,
      });
      expect(await faultOf(withBody({ ...signer.sign(request), ...framing }))).toBe('digest');
    }
  });

  it('SR-42: has a digest in its one form, or none, even where there is no body', async () => {
    for (const digest of [
      '',
      'sha-256=::',
      'sha-512=:AAAA:',
      `${formatContentDigest('')}, ${formatContentDigest('')}`,
    ]) {
      const request = { method: 'GET', host: 'api.example', target: '/calls/1?q=a' };
      const says = { keyId: 'billing-pair', algorithm: 'ed25519', created: clock.now() / 1000 };
      const forgery = honestForgery(request, says);
      forgery.digest = digest;
      forgery.components.push(['"content-digest"', digest]);
      const headers = { host: request.host, ...signForgery(forgery, pair.forger) };
      expect(await faultOf({ method: request.method, url: request.target, headers })).toBe('digest');
    }
  });

  it('SR-42: keeps the digest that was signed when a header is added or taken away', async () => {
    const signed = sign();
    const { 'content-digest': digest, ...headers } = signed.headers;
    expect(await faultOf({ ...signed, headers })).toBe('components');
    const unsigned = withBody({ ...signer.sign(bare), 'content-digest': String(digest), 'content-length': '12' });
    expect(await faultOf(unsigned)).toBe('components');
  });

  it('refuses headers that came as lists', async () => {
    const head = sign();
    for (const name of ['signature-input', 'signature', 'content-digest']) {
      const headers = { ...head.headers, [name]: [String(head.headers[name])] };
      expect(await faultOf({ ...head, headers })).toBe('form');
    }
  });
});

it('an error of a refused signature says nothing of the request', async () => {
  const head = sign(pair, { createNonce: () => Buffer.from('c4n4ryc4n4ryc4n4ry').toString('base64url') });
  const verify = createVerifier();
  await verify(head);
  const error: unknown = await verify(head).catch((cause: unknown) => cause);
  expect(error).toMatchObject({
    reason: 'replayed',
    serviceId: BILLING,
  });
  expect(String(error)).not.toContain('c4n4ry');
});
