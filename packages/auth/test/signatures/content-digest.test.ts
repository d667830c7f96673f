import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { formatContentDigest, isDigestOf, parseContentDigest } from '../../src/signatures/content-digest.ts';

const body = '{"hello": "world"}';
const digest = createHash('sha256').update(body).digest();

describe('the digest of a body', () => {
  it('is written and read as RFC 9530 has it', () => {
    // The example of RFC 9530, appendix B.1, whose content ends with a line break.
    expect(formatContentDigest('{"hello": "world"}\n')).toBe('sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:');
    expect(parseContentDigest(formatContentDigest(body))).toStrictEqual(digest);
  });

  const encoded = digest.toString('base64');
  const broken: Readonly<Record<string, string>> = {
    empty: '',
    'of another algorithm': `sha-512=:${createHash('sha512').update(body).digest('base64')}:`,
    'of another algorithm, at the length of this one': `sha-512=:${encoded}:`,
    'of two algorithms': `sha-256=:${encoded}:, sha-512=:${createHash('sha512').update(body).digest('base64')}:`,
    'given twice': `sha-256=:${encoded}:, sha-256=:${encoded}:`,
    'in upper case': `SHA-256=:${encoded}:`,
    'with a parameter': `sha-256=:${encoded}:;x`,
    'with a space': `sha-256= :${encoded}:`,
    'without colons': `sha-256=${encoded}`,
    'in hexadecimal': `sha-256=:${digest.toString('hex')}:`,
    'in base64url': `sha-256=:${'-'.repeat(43)}=:`,
    'without its padding': `sha-256=:${encoded.slice(0, -1)}:`,
    'with bits in its padding': `sha-256=:${'A'.repeat(42)}B=:`,
    'too short': `sha-256=:${digest.subarray(1).toString('base64')}:`,
  };
  for (const [what, header] of Object.entries(broken)) {
    it(`SR-42: is refused when it is ${what}`, () => {
      expect(parseContentDigest(header)).toBeUndefined();
    });
  }

  it('SR-42: is that of one body', () => {
    expect(isDigestOf(digest, body)).toBe(true);
    expect(isDigestOf(digest, `${body} `)).toBe(false);
    expect(isDigestOf(digest.subarray(1), body)).toBe(false);
  });
});
