import { describe, expect, it } from 'vitest';

import { isHashable, parseNewPassword, PasswordPolicyError } from '../../src/passwords/password-policy.ts';

/** Characters that nothing explains: neighbours in no alphabet, on no keyboard, in no word. */
const unexplained = (length: number): string =>
  Array.from({ length }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000))).join('');
const outsideTheBasicPlane = (length: number): string =>
  Array.from({ length }, (_, index) => String.fromCodePoint(0x20000 + ((index * 7919) % 40_000))).join('');

const codeOf = (text: string): string | undefined => {
  try {
    parseNewPassword(text);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(PasswordPolicyError);
    expect(String(error)).not.toContain(text === '' ? '\0' : text);
    return (error as PasswordPolicyError).code;
  }
};

describe('the password policy', () => {
  it.each([
    ['empty', '', 'password_too_short'],
    ['14 characters', 'a'.repeat(14), 'password_too_short'],
    ['15 characters', unexplained(15), undefined],
    ['64 characters', unexplained(64), undefined],
    ['256 characters', unexplained(256), undefined],
    ['257 characters', 'a'.repeat(257), 'password_too_long'],
    ['14 characters outside the basic plane', '🔑'.repeat(14), 'password_too_short'],
    ['15 characters outside the basic plane', outsideTheBasicPlane(15), undefined],
    ['256 characters outside the basic plane', outsideTheBasicPlane(256), undefined],
    ['257 characters outside the basic plane', '🔑'.repeat(257), 'password_too_long'],
    ['a megabyte', 'a'.repeat(1_048_576), 'password_too_long'],
    ['spaces within', Array.from(unexplained(15)).join(' '), undefined],
    ['NUL and control characters', `\0\u001B\r\n${unexplained(12)}`, undefined],
    ['a lone surrogate', `\uD800${'a'.repeat(20)}`, 'password_not_text'],
  ])('SR-11: %s: code %s', (_name, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('SR-11: the text is kept as it came: no trimming, folding or normalisation', () => {
    const text = '  E\u0301cole É ﬁ ２ fin  ';
    expect(parseNewPassword(text)).toBe(text);
  });

  it.each([
    ['256 characters', 'a'.repeat(256), true],
    ['an empty one', '', true],
    ['257 characters', 'a'.repeat(257), false],
    ['a megabyte', 'a'.repeat(1_048_576), false],
    ['a lone surrogate', '\uDC00', false],
  ])('SR-11: a presented password of %s is hashed: %s', (_name, text, expected) => {
    expect(isHashable(text)).toBe(expected);
  });
});
