import { beforeAll, describe, expect, it } from 'vitest';

import type { AccessTokenClaims } from '../../src/tokens/access-token-claims.ts';
import { createAccessTokenVerifier } from '../../src/tokens/access-token-verifier.ts';
import { createKeyRing } from '../../src/tokens/key-ring.ts';
import {
  attempt,
  AUDIENCE,
  createBench,
  createForge,
  type Forge,
  ISSUER,
  NOW_SECONDS,
  refusalOf,
  roles,
} from './forge.ts';

let forge: Forge;
let other: Forge;
beforeAll(async () => {
  [forge, other] = await Promise.all([createForge(), createForge()]);
});

const isImmediate = (answer: AccessTokenClaims | Promise<AccessTokenClaims>) => !(answer instanceof Promise);
const mint = (changes: Record<string, unknown> = {}) => forge.sign(forge.header(), forge.claims(changes));

describe('the cache of proven tokens', () => {
  it('answers at once, with the same claims, from the second time on', async () => {
    const { verifier } = createBench([forge.key]);
    const token = mint();
    const first = verifier.verify(token);
    expect(isImmediate(first)).toBe(false);
    const second = verifier.verify(token);
    expect(isImmediate(second)).toBe(false);
    const claims = await first;
    await second;
    expect(verifier.verify(token)).toBe(verifier.verify(token));
    expect(verifier.verify(token)).toStrictEqual(claims);
  });

  it('SR-6: answers as a full verification would, at every second around the end of a token', async () => {
    const remembering = createBench([forge.key]);
    const token = mint();
    await remembering.verifier.verify(token);
    for (const seconds of [-31, -30, 0, 1, 599, 600, 601, 629, 630, 631, 700, 86_400]) {
      const fresh = createBench([forge.key]);
      fresh.setSeconds(seconds);
      remembering.setSeconds(seconds);
      expect(await attempt(remembering.verifier, token), `after ${seconds} s`).toStrictEqual(
        await attempt(fresh.verifier, token),
      );
    }
  });

  it('SR-6: a remembered token is refused once its time is over, and stays refused', async () => {
    const bench = createBench([forge.key]);
    const token = mint();
    await bench.verifier.verify(token);
    bench.setSeconds(629);
    expect(isImmediate(bench.verifier.verify(token))).toBe(true);
    bench.setSeconds(630);
    expect(() => bench.verifier.verify(token)).toThrow('the access token is not valid');
    await expect(refusalOf(bench.verifier, token)).resolves.toBe('expired');
  });

  it('SR-5: a refusal is never remembered', async () => {
    const bench = createBench([forge.key]);
    const early = mint({ nbf: NOW_SECONDS + 60 });
    await expect(refusalOf(bench.verifier, early)).resolves.toBe('not-yet-valid');
    bench.setSeconds(60);
    await expect(bench.verifier.verify(early)).resolves.toHaveProperty('nbf', NOW_SECONDS + 60);
    const forged = other.sign(forge.header(), forge.claims());
    await refusalOf(bench.verifier, forged);
    await refusalOf(bench.verifier, forged);
    expect(isImmediate(bench.verifier.verify(early))).toBe(true);
  });

  it('holds a bounded number of tokens and forgets the one not seen for longest', async () => {
    const { verifier } = createBench([forge.key], { cacheSize: 2 });
    const [first, second, third] = [mint(), mint(), mint()];
    await verifier.verify(first);
    await verifier.verify(second);
    expect(isImmediate(verifier.verify(first))).toBe(true);
    await verifier.verify(third);
    expect([first, third].map((token) => isImmediate(verifier.verify(token)))).toStrictEqual([true, true]);
    const forgotten = verifier.verify(second);
    expect(isImmediate(forgotten)).toBe(false);
    await forgotten;
  });

  it('tells tokens apart that differ in their signature alone', async () => {
    const { verifier } = createBench([forge.key]);
    const token = mint();
    await verifier.verify(token);
    const [header, payload] = token.split('.');
    const [, , signature] = mint().split('.');
    await expect(refusalOf(verifier, `${header}.${payload}.${signature}`)).resolves.toBe('signature');
  });
});

describe('a change of the key ring', () => {
  it('SR-52: a key taken from the ring ends its tokens at once, remembered ones as well', async () => {
    const bench = createBench([forge.key, { ...other.key, state: 'published' }]);
    const [old, successor] = [mint(), other.sign(other.header(), other.claims())];
    await bench.verifier.verify(old);
    await bench.verifier.verify(successor);
    bench.keyRing.replace([other.key]);
    await expect(refusalOf(bench.verifier, old)).resolves.toBe('unknown-key');
    await expect(bench.verifier.verify(successor)).resolves.toHaveProperty('iss', ISSUER);
  });

  it('SR-52: a token under verification while its key is taken is not remembered, whoever asks meanwhile', async () => {
    const bench = createBench([forge.key]);
    const token = mint();
    const underway = bench.verifier.verify(token);
    bench.keyRing.replace([other.key]);
    const meanwhile = bench.verifier.verify(other.sign(other.header(), other.claims()));
    await Promise.all([underway, meanwhile]);
    await expect(refusalOf(bench.verifier, token)).resolves.toBe('unknown-key');
  });

  it('SR-52: through a whole rotation no good token is refused', async () => {
    const bench = createBench([forge.key]);
    const old = mint();
    const young = other.sign(other.header(), other.claims());
    await bench.verifier.verify(old);
    bench.keyRing.replace([forge.key, { ...other.key, state: 'published' }]);
    await expect(bench.verifier.verify(old)).resolves.toHaveProperty('iss', ISSUER);
    bench.keyRing.replace([{ ...forge.key, state: 'retired' }, other.key]);
    await expect(bench.verifier.verify(old)).resolves.toHaveProperty('iss', ISSUER);
    await expect(bench.verifier.verify(young)).resolves.toHaveProperty('iss', ISSUER);
  });
});

describe('the options of a verifier', () => {
  it.each([
    [{ issuer: '' }, TypeError],
    [{ issuer: ' x' }, TypeError],
    [{ audience: '' }, TypeError],
    [{ ttlSeconds: 0 }, RangeError],
    [{ ttlSeconds: 901 }, RangeError],
    [{ ttlSeconds: Number.POSITIVE_INFINITY }, RangeError],
    [{ clockToleranceSeconds: -1 }, RangeError],
    [{ clockToleranceSeconds: 61 }, RangeError],
    [{ clockToleranceSeconds: Number.NaN }, RangeError],
    [{ cacheSize: 0 }, RangeError],
    [{ cacheSize: 1_000_000 }, RangeError],
  ])('SR-6, SR-7: %j is refused', (options, error) => {
    const keyRing = createKeyRing({ keys: [forge.key] });
    expect(() => createAccessTokenVerifier({ keyRing, issuer: ISSUER, audience: AUDIENCE, roles, ...options })).toThrow(
      error,
    );
  });
});
