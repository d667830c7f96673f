import { describe, expect, it } from 'vitest';
import { hasPlaceholder } from '../../src/profiles/placeholder.ts';
import { isFilledTemplate } from '../../src/profiles/setting-template.ts';

const filled: readonly (readonly [template: string, value: string])[] = [
  ['off', 'off'],
  ['<anything>', 'x'],
  ['rediss://<host>', 'rediss://store.internal:6379'],
  ['vault://<mount>/<path>#<field>', 'vault://secret/service/keys#key'],
  ['<requests, 10 to 50>r/s', '10r/s'],
  ['<requests, 10 to 50>r/s', '50r/s'],
  ['<least, 1 to 5>-<anything>-<most, 6 to 9>', '5-x-9'],
];

const others: readonly (readonly [template: string, value: string])[] = [
  ['off', 'on'],
  ['off', 'off '],
  ['<anything>', ''],
  ['<anything>', '<anything>'],
  ['rediss://<host>', 'redis://store.internal'],
  ['https://<name>.internal', 'https://nameXinternal'],
  ['vault://<mount>/<path>#<field>', 'file:///run/secrets/key'],
  ['<requests, 10 to 50>r/s', '9r/s'],
  ['<requests, 10 to 50>r/s', '51r/s'],
  ['<requests, 10 to 50>r/s', '50r/m'],
  ['<requests, 10 to 50>', '1e1'],
  ['<least, 1 to 5>-<anything>-<most, 6 to 9>', '5-x-10'],
];

describe('a template of a profile', () => {
  it.each(filled)('%s is filled by %s', (template, value) => {
    expect(isFilledTemplate(template, value)).toBe(true);
  });

  it.each(others)('%s is not filled by "%s"', (template, value) => {
    expect(isFilledTemplate(template, value)).toBe(false);
  });

  it('knows a placeholder wherever it stands', () => {
    expect(['<a>', 'https://<a b>:1', 'x<a>'].every(hasPlaceholder)).toBe(true);
    expect(['', 'a<b', 'a>b', '<>', 'a>b<c'].some(hasPlaceholder)).toBe(false);
  });
});
