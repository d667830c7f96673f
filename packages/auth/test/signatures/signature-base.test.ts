import { Buffer } from 'node:buffer';
import { createPublicKey, createSecretKey } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import {
  coveredComponents,
  createSignatureBase,
  formatComponentList,
  type SignatureComponent,
} from '../../src/signatures/signature-base.ts';
import { InvalidSignatureError } from '../../src/signatures/invalid-signature-error.ts';
import { isSignatureOf, signBase } from '../../src/signatures/signature-key.ts';

// RFC 9421, appendix B: the message of B.2 and the keys of B.1.4 and B.1.5, which everybody has and nothing trusts.
const sharedSecret = createSecretKey(
  'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==',
  'base64',
);
const publicKey = createPublicKey({
  key: Buffer.from('MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=', 'base64'),
  format: 'der',
  type: 'spki',
});
const date: SignatureComponent = ['date', 'Tue, 20 Apr 2021 02:07:55 GMT'];
const authority: SignatureComponent = ['@authority', 'example.com'];
const contentType: SignatureComponent = ['content-type', 'application/json'];

describe('the signature base', () => {
  it('SR-42: is that of RFC 9421, appendix B.2.5: its HMAC is the one printed there', () => {
    const components = [date, authority, contentType];
    const covered = `${formatComponentList(components)};created=1618884473;keyid="test-shared-secret"`;
    const base = createSignatureBase(components, covered);
    const key = { algorithm: 'hmac-sha256', key: sharedSecret } as const;
    const printed = Buffer.from('pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=', 'base64');
    expect(signBase(key, base)).toStrictEqual(printed);
    expect(isSignatureOf(key, base, printed)).toBe(true);
  });

  it('SR-42: is that of RFC 9421, appendix B.2.6: its Ed25519 signature is the one printed there', () => {
    const components: SignatureComponent[] = [
      date,
      ['@method', 'POST'],
      ['@path', '/foo'],
      authority,
      contentType,
      ['content-length', '18'],
    ];
    const covered = `${formatComponentList(components)};created=1618884473;keyid="test-key-ed25519"`;
    const base = createSignatureBase(components, covered);
    const key = { algorithm: 'ed25519', key: publicKey } as const;
    const printed = Buffer.from(
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
      'base64',
    );
    expect(isSignatureOf(key, base, printed)).toBe(true);
    printed[0] = 0;
    expect(isSignatureOf(key, base, printed)).toBe(false);
  });

  it('SR-42: refuses a value that would begin another line or another character set', () => {
    for (const value of ['a\n"@path": /b', 'a\r', 'a\0', 'ä', '\u2028', '\t']) {
      expect(() => createSignatureBase([['@method', value]], '()')).toThrow(InvalidSignatureError);
      expect(() => createSignatureBase([], value)).toThrow(InvalidSignatureError);
    }
  });
});

describe('the covered components', () => {
  const parts = { method: 'GET', authority: 'api.example', contentDigest: undefined };
  const values = (changes: object): Record<string, string> =>
    Object.fromEntries(coveredComponents({ ...parts, target: '/a', ...changes }));

  it('SR-42: are method, authority, path and query, and the digest where there is one', () => {
    expect(formatComponentList(coveredComponents({ ...parts, target: '/a' }))).toBe(
      '("@method" "@authority" "@path" "@query")',
    );
    expect(formatComponentList(coveredComponents({ ...parts, target: '/a', contentDigest: 'x' }))).toBe(
      '("@method" "@authority" "@path" "@query" "content-digest")',
    );
  });

  it('SR-42: the query begins at the first question mark, and is one even when it is absent', () => {
    expect(values({ target: '/a' })).toMatchObject({ '@path': '/a', '@query': '?' });
    expect(values({ target: '/a?b=%2F?c' })).toMatchObject({ '@path': '/a', '@query': '?b=%2F?c' });
  });

  it('SR-42: the authority is in lower case and without a default port; any other port is a part of it', () => {
    for (const authority of ['API.Example:443', 'api.example:80'])
      expect(values({ authority })).toMatchObject({ '@authority': 'api.example' });
    expect(values({ authority: 'api.example:8443' })).toMatchObject({ '@authority': 'api.example:8443' });
    expect(values({ authority: 'api.example:4430' })).toMatchObject({ '@authority': 'api.example:4430' });
  });
});
