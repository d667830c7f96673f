import { Buffer } from 'node:buffer';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';

import { beforeAll, describe, expect, it } from 'vitest';

import { type Bench, createBench, createForge, type Forge, refusalOf, segment } from './forge.ts';

let forge: Forge;
let bench: Bench;
beforeAll(async () => {
  forge = await createForge();
  bench = createBench([forge.key]);
});

describe('algorithm attacks on access tokens', () => {
  it('accepts the token that every attack starts from', async () => {
    await expect(bench.verifier.verify(forge.sign(forge.header(), forge.claims()))).resolves.toHaveProperty(
      'role',
      'user',
    );
  });

  const publicForms: Record<string, () => Buffer> = {
    'SPKI PEM': () => Buffer.from(forge.publicKey.export({ type: 'spki', format: 'pem' })),
    'SPKI PEM without its last newline': () =>
      Buffer.from(forge.publicKey.export({ type: 'spki', format: 'pem' }).trim()),
    'SPKI DER': () => forge.publicKey.export({ type: 'spki', format: 'der' }),
    'JWK text': () => Buffer.from(JSON.stringify(forge.publicKey.export({ format: 'jwk' }))),
    'published JWK text': () => Buffer.from(JSON.stringify(forge.key.publicJwk)),
    'x coordinate': () => Buffer.from(forge.key.publicJwk.x, 'base64url'),
    'key id': () => Buffer.from(forge.key.kid),
    nothing: () => Buffer.alloc(0),
  };
  for (const alg of ['HS256', 'HS384', 'HS512']) {
    it.each(Object.entries(publicForms))(
      `SR-3: ${alg} with the public key as its secret is refused: %s`,
      async (_name, secret) => {
        const input = `${segment(forge.header({ alg }))}.${segment(forge.claims({ role: 'admin' }))}`;
        const mac = createHmac(`sha${alg.slice(2)}`, secret())
          .update(input)
          .digest('base64url');
        await expect(refusalOf(bench.verifier, `${input}.${mac}`)).resolves.toBe('algorithm');
      },
    );
  }

  it.each(['none', 'None', 'NONE', 'nOnE', 'none ', ' none', 'none\0', '', 'null', 'undefined'])(
    'SR-3: the algorithm %j is refused, with a signature of any kind or none',
    async (alg) => {
      const input = `${segment(forge.header({ alg }))}.${segment(forge.claims())}`;
      await expect(refusalOf(bench.verifier, `${input}.`)).resolves.toBe('segments');
      await expect(refusalOf(bench.verifier, input)).resolves.toBe('segments');
      await expect(refusalOf(bench.verifier, `${input}.AA`)).resolves.toBe('algorithm');
      await expect(refusalOf(bench.verifier, forge.sign(forge.header({ alg }), forge.claims()))).resolves.toBe(
        'algorithm',
      );
    },
  );

  it.each([
    undefined,
    null,
    0,
    true,
    [],
    ['ES256'],
    { alg: 'ES256' },
    'es256',
    'ES256 ',
    'ES384',
    'ES512',
    'ES256K',
    'EdDSA',
    'Ed25519',
    'RS256',
    'PS256',
    'constructor',
    '__proto__',
  ])('SR-3: a good ES256 signature under the name %j is refused', async (alg) => {
    await expect(refusalOf(bench.verifier, forge.sign(forge.header({ alg }), forge.claims()))).resolves.toBe(
      'algorithm',
    );
  });

  const foreign: Record<string, (input: Buffer) => Buffer> = {
    EdDSA: (input) => sign(null, input, generateKeyPairSync('ed25519').privateKey),
    RS256: (input) => sign('sha256', input, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
    ES384: (input) => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
      return sign('sha384', input, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    },
    ES256: (input) => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      return sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    },
  };
  it.each(Object.entries(foreign))(
    'SR-3: a token signed with another key by %s, under its own name or ours, is refused',
    async (alg, signWith) => {
      for (const [name, reason] of [
        [alg, alg === 'ES256' ? 'signature' : 'algorithm'],
        ['ES256', 'signature'],
      ] as const) {
        const input = `${segment(forge.header({ alg: name }))}.${segment(forge.claims({ role: 'admin' }))}`;
        const token = `${input}.${signWith(Buffer.from(input)).toString('base64url')}`;
        await expect(refusalOf(bench.verifier, token)).resolves.toBe(reason);
      }
    },
  );

  it('SR-3: signatures that no key makes are refused: zeros, the group order, DER, too short, too long', async () => {
    const input = `${segment(forge.header())}.${segment(forge.claims())}`;
    const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
    const zero = Buffer.alloc(32);
    const one = Buffer.concat([Buffer.alloc(31), Buffer.from([1])]);
    const good = Buffer.from(forge.sign(forge.header(), forge.claims()).split('.')[2] ?? '', 'base64url');
    const signatures = [
      Buffer.concat([zero, zero]), // CVE-2022-21449
      Buffer.concat([order, order]),
      Buffer.concat([zero, one]),
      Buffer.concat([one, zero]),
      Buffer.concat([order, one]),
      sign('sha256', Buffer.from(input), forge.privateKey), // DER
      good.subarray(0, 63),
      Buffer.concat([good, zero]),
      Buffer.from([0]),
    ];
    for (const signature of signatures) {
      await expect(refusalOf(bench.verifier, `${input}.${signature.toString('base64url')}`)).resolves.toBe('signature');
    }
  });

  it('SR-3: every flipped bit of header, payload and signature is refused', async () => {
    const segments: Buffer[] = forge
      .sign(forge.header(), forge.claims())
      .split('.')
      .map((text) => Buffer.from(text, 'base64url'));
    const reasons = new Set<string>();
    for (const [which, bytes] of segments.entries()) {
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = segments.with(which, withFlippedBit(bytes, bit)).map((part) => part.toString('base64url'));
        reasons.add(await refusalOf(bench.verifier, flipped.join('.')));
      }
    }
    expect([...reasons].toSorted()).toStrictEqual([
      'algorithm',
      'header',
      'key-id',
      'signature',
      'type',
      'unknown-key',
    ]);
  });
});

function withFlippedBit(bytes: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return flipped;
}
