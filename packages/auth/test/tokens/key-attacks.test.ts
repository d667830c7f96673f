import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Bench, createBench, createForge, type Forge, refusalOf } from './forge.ts';

let forge: Forge;
let attacker: Forge;
let bench: Bench;
let address: string;
let connections = 0;
const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [attacker.key.publicJwk] })));

beforeAll(async () => {
  forge = await createForge();
  attacker = await createForge();
  bench = createBench([forge.key]);
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
});
afterAll(() => {
  server.close();
});

describe('key attacks on access tokens', () => {
  const claims = () => attacker.claims({ role: 'admin' });

  it('SR-4: a key brought along in the header is refused, and none is fetched', async () => {
    const { kid, publicJwk } = attacker.key;
    const spoofs: Record<string, unknown>[] = [
      { jwk: publicJwk },
      { jwk: publicJwk, kid },
      { jwk: { ...publicJwk, kid: forge.key.kid } },
      { jku: address },
      { jku: address, kid },
      { x5u: address },
      { x5u: address, kid },
      { x5c: [attacker.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] },
      { x5t: 'AAAA' },
      { 'x5t#S256': 'AAAA' },
      { crit: ['exp'] },
      { crit: [] },
      { crit: ['b64'], b64: false },
      { b64: false },
      { b64: true },
      { zip: 'DEF' },
      { cty: 'JWT' },
      { unknown: 1 },
      { jwk: undefined, JWK: publicJwk },
    ];
    for (const spoof of spoofs) {
      await expect(refusalOf(bench.verifier, attacker.sign(forge.header(spoof), claims()))).resolves.toBe('header');
      // Signed with the service's own key, the header alone is reason enough.
      await expect(refusalOf(bench.verifier, forge.sign(forge.header(spoof), forge.claims()))).resolves.toBe('header');
    }
    expect(connections).toBe(0);
  });

  it.each([
    '../../../../dev/null',
    '/dev/null',
    'file:///dev/null',
    "' OR '1'='1",
    "x' UNION SELECT 'key' --",
    'key; cat /etc/passwd',
    '$(id)',
    'a b',
    'a\0b',
    'a\nb',
    'é',
    '',
    '.',
    'a'.repeat(65),
    'a'.repeat(3000),
  ])('SR-4: the key id %j is refused by its form', async (kid) => {
    await expect(refusalOf(bench.verifier, attacker.sign(forge.header({ kid }), claims()))).resolves.toMatch(
      /^(key-id|size)$/,
    );
  });

  it('SR-4: an address as key id is refused by its form, and not fetched', async () => {
    await expect(refusalOf(bench.verifier, attacker.sign(forge.header({ kid: address }), claims()))).resolves.toBe(
      'key-id',
    );
    expect(connections).toBe(0);
  });

  it.each([undefined, null, 0, 1, true, {}, [], ['a']])('SR-4: the key id %j is refused by its type', async (kid) => {
    await expect(refusalOf(bench.verifier, forge.sign(forge.header({ kid }), forge.claims()))).resolves.toBe('key-id');
  });

  it.each(['unknown', 'constructor', '__proto__', 'hasOwnProperty', '0', 'a'.repeat(64)])(
    'SR-4: the key id %j, which the ring does not hold, is refused',
    async (kid) => {
      await expect(refusalOf(bench.verifier, forge.sign(forge.header({ kid }), forge.claims()))).resolves.toBe(
        'unknown-key',
      );
    },
  );

  it("SR-4: another issuer's token under its own key id is refused, and under ours as well", async () => {
    await expect(refusalOf(bench.verifier, attacker.sign(attacker.header(), claims()))).resolves.toBe('unknown-key');
    await expect(refusalOf(bench.verifier, attacker.sign(forge.header(), claims()))).resolves.toBe('signature');
  });
});
