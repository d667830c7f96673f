import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { PasswordHashFormatError } from '../../src/errors.ts';
import { formatPhcString, parsePhcString } from '../../src/passwords/phc-string.ts';

const parameters = { memoryKib: 19_456, passes: 2, parallelism: 1 };
const salt = randomBytes(16);
const tag = randomBytes(32);
const good = formatPhcString({ parameters, salt, tag });

const encode = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '');
const withField = (index: number, value: string) => good.split('$').with(index, value).join('$');
const withCost = (cost: string) => withField(3, cost);

/** The last character of 16 or 32 bytes in base64 has unused bits: this sets one of them. */
function withUnusedBit(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.slice(-1)) + 1);
}

describe('PHC strings', () => {
  it('SR-10: a hash is written as argon2id with its version, its cost, 16 bytes of salt and 32 of tag', () => {
    expect(good).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  });

  it('reads back what it wrote', () => {
    expect(parsePhcString(good)).toStrictEqual({ parameters, salt, tag });
  });

  const corrupt: Record<string, string> = {
    nothing: '',
    'another algorithm': withField(1, 'argon2i'),
    bcrypt: `$2b$12$${encode(39)}`,
    'a former version': withField(2, 'v=16'),
    'no version': good.replace('$v=19', ''),
    'no memory': withCost('t=2,p=1'),
    'another order': withCost('t=2,m=19456,p=1'),
    'a leading zero': withCost('m=019456,t=2,p=1'),
    'a negative number': withCost('m=-19456,t=2,p=1'),
    'a fraction': withCost('m=19456.5,t=2,p=1'),
    'an exponent': withCost('m=1e4,t=2,p=1'),
    'zero memory': withCost('m=0,t=2,p=1'),
    'zero passes': withCost('m=19456,t=0,p=1'),
    'zero lanes': withCost('m=19456,t=2,p=0'),
    'memory below eight blocks a lane': withCost('m=15,t=2,p=2'),
    'memory of 256 MiB and a bit': withCost('m=262145,t=1,p=1'),
    'memory of 4 GiB': withCost('m=4194304,t=1,p=1'),
    'memory beyond a double': withCost(`m=1${'0'.repeat(400)},t=2,p=1`),
    'passes without end': withCost('m=19456,t=4294967295,p=1'),
    'a product of memory and passes beyond a second': withCost('m=131072,t=3,p=1'),
    'many lanes': withCost('m=19456,t=2,p=9'),
    'an unknown parameter': withCost('m=19456,t=2,p=1,data=AAAA'),
    'a short salt': withField(4, encode(15)),
    'a long salt': withField(4, encode(65)),
    'a short tag': withField(5, encode(31)),
    'a long tag': withField(5, encode(65)),
    'an empty tag': withField(5, ''),
    'no tag': good.split('$').slice(0, 5).join('$'),
    'one field more': `${good}$AAAA`,
    padding: `${good}=`,
    base64url: withField(5, Buffer.alloc(32, 0xff).toString('base64url')),
    'unused bits in the salt': withField(4, withUnusedBit(good.split('$')[4] ?? '')),
    'unused bits in the tag': withField(5, withUnusedBit(good.split('$')[5] ?? '')),
    'a space before': ` ${good}`,
    'a newline after': `${good}\n`,
    'a NUL': good.replace('$m', '$\0m'),
    'a megabyte': good + 'A'.repeat(1_048_576),
  };

  it.each(Object.entries(corrupt))('SR-10: a stored hash with %s is an error that does not show it', (_name, text) => {
    expect(() => parsePhcString(text)).toThrow(PasswordHashFormatError);
    try {
      parsePhcString(text);
    } catch (error) {
      expect(String(error)).toBe(
        'PasswordHashFormatError: the stored password hash is not a supported argon2id PHC string',
      );
      expect(error).toHaveProperty('code', 'password_hash_format');
    }
  });
});
