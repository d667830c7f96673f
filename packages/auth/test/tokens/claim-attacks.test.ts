import { beforeAll, describe, expect, it } from 'vitest';

import {
  AUDIENCE,
  type Bench,
  createBench,
  createForge,
  type Forge,
  ISSUER,
  NOW_SECONDS,
  refusalOf,
  USER_ID,
} from './forge.ts';

let forge: Forge;
let bench: Bench;
beforeAll(async () => {
  forge = await createForge();
  bench = createBench([forge.key]);
});

const verify = (changes: Record<string, unknown>) =>
  bench.verifier.verify(forge.sign(forge.header(), forge.claims(changes)));

describe('claims of access tokens', () => {
  const broken: [claim: string, values: unknown[], reason: string | RegExp][] = [
    [
      'iss',
      [
        undefined,
        null,
        1,
        '',
        [ISSUER],
        { iss: ISSUER },
        `${ISSUER}/`,
        ISSUER.toUpperCase(),
        ISSUER.replace('https', 'http'),
        `${ISSUER}:443`,
        ` ${ISSUER}`,
        `${ISSUER}\0`,
        'https://api.example.test.evil.test',
      ],
      'issuer',
    ],
    [
      'aud',
      [
        undefined,
        null,
        1,
        '',
        [],
        [AUDIENCE],
        [AUDIENCE, 'other'],
        { 0: AUDIENCE },
        `${AUDIENCE}/`,
        'https://other.example.test',
        AUDIENCE.slice(0, -1),
      ],
      'audience',
    ],
    [
      'sub',
      [
        undefined,
        null,
        1,
        '',
        'admin',
        [USER_ID],
        USER_ID.toUpperCase(),
        `{${USER_ID}}`,
        `${USER_ID}\n`,
        ` ${USER_ID}`,
        USER_ID.replaceAll('-', ''),
        "' OR 1=1 --",
        '../users',
      ],
      'subject',
    ],
    [
      'iat',
      [undefined, null, '', String(NOW_SECONDS), true, [NOW_SECONDS], {}, NOW_SECONDS + 0.5, -1, 2 ** 53],
      'issued-at',
    ],
    [
      'exp',
      [undefined, null, '', String(NOW_SECONDS + 600), true, [NOW_SECONDS + 600], {}, NOW_SECONDS + 600.5, -1, 2 ** 53],
      'expires-at',
    ],
    ['nbf', [null, '', String(NOW_SECONDS), false, [NOW_SECONDS], NOW_SECONDS + 0.5, -1, 2 ** 53], 'not-before'],
    ['jti', [undefined, null, 1, '', ['a'], {}, 'a b', 'a:b', 'é', 'a'.repeat(65), 'a\n'], 'token-id'],
    ['sid', [null, 1, '', ['a'], {}, 'a b', 'a*', 'a'.repeat(65), 'a\n'], 'session-id'],
    [
      'role',
      [
        undefined,
        null,
        1,
        '',
        ['admin'],
        { admin: true },
        'root',
        'Admin',
        'admin ',
        'user,admin',
        'constructor',
        '__proto__',
      ],
      'role',
    ],
    [
      'auth_time',
      [
        undefined,
        null,
        '',
        String(NOW_SECONDS),
        true,
        {},
        NOW_SECONDS - 0.5,
        -1,
        2 ** 53,
        NOW_SECONDS + 31,
        NOW_SECONDS + 86_400,
      ],
      'auth-time',
    ],
  ];
  const table = broken.flatMap(([claim, values, reason]) => values.map((value) => [claim, value, reason] as const));

  it.each(table)('SR-6: %s as %j is refused like every fault', async (claim, value, reason) => {
    await expect(
      refusalOf(bench.verifier, forge.sign(forge.header(), forge.claims({ [claim]: value }))),
    ).resolves.toMatch(reason);
  });

  const numbers = ['1e400', '-1e400', '-0.5', 'NaN', '0x10', '1e-7', '1_000', '"1"'];
  it.each(numbers)('SR-6: %s, as it stands in the text, is no time for any claim', async (number) => {
    for (const claim of ['iat', 'exp', 'auth_time', 'nbf']) {
      const text = JSON.stringify(forge.claims({ [claim]: 4_444_444_444 })).replace('4444444444', number);
      await expect(refusalOf(bench.verifier, forge.sign(forge.header(), text))).resolves.toMatch(
        /^(issued-at|expires-at|auth-time|not-before|payload)$/,
      );
    }
  });

  const lifetimes: [name: string, changes: Record<string, number>][] = [
    ['a life of a day', { exp: NOW_SECONDS + 86_400 }],
    ['a life of ten minutes and the tolerance and a second', { exp: NOW_SECONDS + 631 }],
    ['an end before its beginning', { iat: NOW_SECONDS + 20, exp: NOW_SECONDS + 10 }],
    ['an end at its beginning', { iat: NOW_SECONDS, exp: NOW_SECONDS }],
    ['the end of time', { exp: Number.MAX_SAFE_INTEGER }],
    ['a beginning in 1970', { iat: 0 }],
  ];
  it.each(lifetimes)('SR-7: a token with %s is refused', async (_name, changes) => {
    await expect(refusalOf(bench.verifier, forge.sign(forge.header(), forge.claims(changes)))).resolves.toBe(
      'lifetime',
    );
  });

  it.each([
    ['expired for 29 s', { iat: NOW_SECONDS - 629, exp: NOW_SECONDS - 29 }, undefined],
    ['expired for 30 s', { iat: NOW_SECONDS - 630, exp: NOW_SECONDS - 30 }, 'expired'],
    ['expired for 31 s', { iat: NOW_SECONDS - 631, exp: NOW_SECONDS - 31 }, 'expired'],
    ['issued in 30 s', { iat: NOW_SECONDS + 30 }, undefined],
    ['issued in 31 s', { iat: NOW_SECONDS + 31 }, 'not-yet-valid'],
    ['not before 30 s from now', { nbf: NOW_SECONDS + 30 }, undefined],
    ['not before 31 s from now', { nbf: NOW_SECONDS + 31 }, 'not-yet-valid'],
    ['signed in 30 s from now', { auth_time: NOW_SECONDS + 30 }, undefined],
    ['a life of ten minutes and the tolerance', { exp: NOW_SECONDS + 630 }, undefined],
  ])('SR-6: with 30 s of tolerance, a token %s: %s %s', async (_name, changes, reason) => {
    if (reason === undefined) await expect(verify(changes)).resolves.toHaveProperty('sub', USER_ID);
    else
      await expect(refusalOf(bench.verifier, forge.sign(forge.header(), forge.claims(changes)))).resolves.toBe(reason);
  });

  it('SR-6: without tolerance, a token ends on the second', async () => {
    const strict = createBench([forge.key], { clockToleranceSeconds: 0 });
    const token = forge.sign(forge.header(), forge.claims());
    strict.setSeconds(599.999);
    await expect(strict.verifier.verify(token)).resolves.toHaveProperty('sub', USER_ID);
    strict.setSeconds(600);
    await expect(refusalOf(strict.verifier, token)).resolves.toBe('expired');
  });

  it.each([
    undefined,
    null,
    '',
    'JWT',
    'jwt',
    'at+JWT',
    'AT+JWT',
    'application/jwt',
    'id+jwt',
    'rt+jwt',
    'logout+jwt',
    'at+jwt ',
    'application/application/at+jwt',
    ['at+jwt'],
    1,
  ])('SR-6: a token of type %j is refused: an ID or refresh token is no access token', async (typ) => {
    await expect(refusalOf(bench.verifier, forge.sign(forge.header({ typ }), forge.claims()))).resolves.toBe('type');
  });

  it('accepts both spellings of the type that RFC 9068 allows', async () => {
    for (const typ of ['at+jwt', 'application/at+jwt']) {
      await expect(bench.verifier.verify(forge.sign(forge.header({ typ }), forge.claims()))).resolves.toHaveProperty(
        'sub',
        USER_ID,
      );
    }
  });

  it('SR-6: no refusal shows the token, the claims or the reason in its text', async () => {
    const token = forge.sign(forge.header(), forge.claims({ role: 'root' }));
    const refusal: unknown = await Promise.resolve(bench.verifier.verify(token)).catch((error: unknown) => error);
    expect(String(refusal)).toBe('InvalidAccessTokenError: the access token is not valid');
    expect(JSON.stringify(refusal)).toBe(
      '{"name":"InvalidAccessTokenError","code":"invalid_access_token","reason":"role"}',
    );
  });

  it('gives the claims it knows, frozen, and drops the others', async () => {
    const claims = forge.claims({ nbf: NOW_SECONDS, permissions: ['users:write'], admin: true });
    const proven = await bench.verifier.verify(forge.sign(forge.header(), claims));
    const { permissions: _permissions, admin: _admin, ...known } = claims;
    expect(proven).toStrictEqual(known);
    expect(Object.isFrozen(proven)).toBe(true);
  });

  it('a token needs no session', async () => {
    await expect(verify({ sid: undefined })).resolves.not.toHaveProperty('sid');
  });
});
