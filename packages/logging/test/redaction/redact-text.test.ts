import { Buffer } from 'node:buffer';
import { createHash, generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactText, requestContext } from '../../src/index.ts';
import { redactCardNumbers } from '../../src/redaction/card-numbers.ts';
import { redactOpaqueTokens } from '../../src/redaction/opaque-tokens.ts';
import { applyPattern, textPatterns } from '../../src/redaction/text-patterns.ts';
import { createCanary, createShortCanary } from '../canary.ts';

const short = createShortCanary('text');
const long = createCanary('text');

function segment(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

const token = `${segment({ alg: 'EdDSA', typ: 'at+jwt' })}.${segment({ sub: 'someone' })}.${long}${long}`;
const privateKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs1', format: 'pem' });

describe('redactText', () => {
  const written: [title: string, text: string, expected: string][] = [
    ['a token', `rejected ${token} from a client`, 'rejected [redacted] from a client'],
    ['a token without signature', `x ${token.slice(0, token.lastIndexOf('.') + 1)} y`, 'x [redacted] y'],
    ['a bearer token', `Bearer ${short} refused`, 'Bearer [redacted] refused'],
    ['an encoded bearer token', `h=Bearer%20${short}`, 'h=Bearer%20[redacted]'],
    ['basic credentials', `Basic ${Buffer.from(`me:${short}`).toString('base64')}`, 'Basic [redacted]'],
    ['an opaque token', `reset ${long} used`, 'reset [redacted] used'],
    ['hexadecimal', `digest ${createHash('sha256').update(short).digest('hex')}`, 'digest [redacted]'],
    ['base64', `v ${createHash('sha512').update('a').digest('base64')}`, 'v [redacted]'],
    ['a card', 'paid with 4111111111111111 today', 'paid with [redacted] today'],
    ['a spaced card', 'paid with 4111 1111 1111 1111 today', 'paid with [redacted] today'],
    ['a dashed card', 'paid with 3782-822463-10005', 'paid with [redacted]'],
    ['a card behind other digits', 'item 12 5555 5555 5555 4444', 'item 12 [redacted]'],
    ['an address', 'no user jane.doe+x@mail.example.org here', 'no user [redacted] here'],
    ['an international address', 'no user jürgen@münchen.example', 'no user [redacted]'],
    ['an address behind another', 'a@jane@example.org', 'a@[redacted]'],
    ['a long address', `${'x'.repeat(80)}.jane@example.org`, '[redacted]'],
    ['an encoded address', 'GET /users?q=jane%40example.org', 'GET /users?q=[redacted]'],
    ['a private key', `key ${privateKey} end`, String.raw`key [redacted]\u000a end`],
    ['a key that lost its end', `key ${rsaKey.slice(0, 600)}`, 'key [redacted]'],
    ['user information', `https://me:${short}@example.test/x`, 'https://[redacted]@example.test/x'],
    ['a password with a slash', `redis://:a/${short}@cache:6379`, 'redis://[redacted]@cache:6379'],
    ['query secrets', `/cb?code=${short}&page=2&token=${short}#x`, '/cb?code=[redacted]&page=2&token=[redacted]'],
    ['a form body', `user=jane&password=${short}&x=1`, 'user=jane&password=[redacted]&x=1'],
    ['a JSON member', `{"a":1,"api_key":"${short}"}`, '{"a":1,"api_key":"[redacted]"}'],
    ['an escaped JSON member', `{\\"secret\\":\\"${short}\\"}`, String.raw`{\"secret\":"[redacted]"`],
    ['a JSON list', `{"set-cookie":["a=${short}","b=${short}"]}`, '{"set-cookie":"[redacted]"}'],
    ['a header line', `Cookie: a=${short}; b=2`, 'Cookie: [redacted]'],
    ['a password in prose', `password: ${short}, try again`, 'password: [redacted], try again'],
  ];

  for (const [title, text, expected] of written) {
    it(`SR-43: replaces ${title}`, () => {
      expect(redactText(text)).toBe(expected);
    });
  }

  const kept = [
    'user 019d0f7c-1111-7222-8333-444455556666 created',
    'user 41111111-1111-4111-8111-111111111111 created',
    '/api/users/019d0f7c-1111-7222-8333-444455556666/sessions/019d0f7c-1111-7222-8333-444455556667',
    'at handle (/srv/app/node_modules/some-package/dist/lib/request-handlers/createResponse.js:10:15)',
    'file:///srv/application/packages/logging/src/redaction/redact-text.ts:10:5',
    'validateAuthorizationServerMetadataResponse is not a function',
    'backup-2026-11-23-full-database-main written',
    'AUTHORIZATION_SERVER_METADATA_NOT_FOUND_ANYWHERE',
    'token: expired',
    'the bearer token is missing',
    'basic authentication is not offered',
    'took 1790000000000 ns since 1790000000000',
    'order 4111 1111 1111 1112 has no such check digit',
    'retry in 5 seconds, 3 of 10 attempts left',
    'https://example.test:8443/path?page=2&limit=50',
    'installed pino@10.4.0 and @fastify/helmet@13.2.0',
    'connect ECONNREFUSED 127.0.0.1:5432',
    '2001:db8:85a3::8a2e:370:7334',
    '='.repeat(40),
    'a'.repeat(200),
  ];

  for (const text of kept) {
    it(`keeps ${text.slice(0, 60)}`, () => {
      expect(redactText(text)).toBe(text);
    });
  }

  it('SR-47: keeps the id of the current request, though it may look like a token', () => {
    const requestId = createHash('md5').update('a request').digest('hex');
    expect(redactText(`request ${requestId} failed`)).toBe('request [redacted] failed');
    requestContext.run({ requestId }, () => {
      expect(redactText(`request ${requestId} failed`)).toBe(`request ${requestId} failed`);
    });
  });

  it('SR-44: gives well-formed text of at most 1 KiB without control characters for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1_500 }), (text) => {
        const redacted = redactText(text);
        expect(redacted.isWellFormed()).toBe(true);
        expect(Buffer.byteLength(redacted)).toBeLessThanOrEqual(1_024);
        // oxlint-disable-next-line no-control-regex -- control characters are what this pattern is for
        expect(redacted).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      }),
    );
  });

  it('SR-43: leaves no long random token in any surroundings', () => {
    const surroundings = fc.string({ unit: 'grapheme-ascii', maxLength: 40 });
    const random = fc.uint8Array({ minLength: 24, maxLength: 64 }).map((seed) => createHash('sha384').update(seed));
    const encoding = fc.constantFrom('hex' as const, 'base64' as const, 'base64url' as const);
    fc.assert(
      fc.property(surroundings, random, encoding, surroundings, (before, hash, form, after) => {
        const secret = hash.copy().digest(form);
        expect(redactText(`${before} ${secret} ${after}`)).not.toContain(secret.slice(8, -8));
      }),
      // What random text is, is a matter of odds (1 in 100,000 here): the same texts in every run.
      { seed: 43, numRuns: 1_000 },
    );
  });
});

/** What makes a backtracking pattern try again from everywhere: near misses, repeated to a megabyte. */
const nearMisses = [
  'a',
  '0',
  '4 ',
  '4-',
  ' ',
  '\n',
  '"',
  "'",
  '\\',
  '\\"',
  '/',
  '//',
  '://',
  '://a:b',
  'a@',
  'a.',
  '@a.',
  'a@a.',
  'a%40',
  '=',
  ':',
  'token',
  'token=',
  'token="',
  'token:"\\',
  '"token":[',
  '"token":{',
  'token    ',
  'cookie:',
  'authorization    ',
  'password:  ',
  'pass',
  '?code',
  '&code=&',
  '%26sid',
  'eyJ',
  'eyJ-',
  'eyJaaaaa.',
  '-eyJaaaaa',
  'bearer ',
  'bearer',
  'dpop%20',
  'basic +',
  '-----BEGIN ',
  '-----BEGIN PRIVATE KEY-----',
  '-----END ',
  '0190f7c2-1111-',
  'A1-',
  'a/',
  '\u00e9',
  '\ud800',
];

describe('each pattern', () => {
  const patterns: [name: string, apply: (text: string) => string][] = [
    ...textPatterns.map((pattern): [string, (text: string) => string] => [
      pattern.name,
      // The hint aside, so that the search itself is attacked.
      (text) => applyPattern(applyPattern(text, pattern), { ...pattern, hint: /^/ }),
    ]),
    ['card number', redactCardNumbers],
    ['opaque token', redactOpaqueTokens],
    ['all together', redactText],
  ];

  for (const [name, apply] of patterns) {
    it(`SR-76: ${name} comes to an end on a megabyte of near misses`, { timeout: 120_000 }, () => {
      for (const miss of nearMisses) {
        const text = miss.repeat(Math.ceil(1_048_576 / miss.length));
        expect(typeof apply(`${text}\u0000`)).toBe('string');
      }
    });
  }
});
