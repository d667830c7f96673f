import { describe, expect, it } from 'vitest';
import { isUnavailable, isUniqueViolation } from '../../src/index.ts';

const UNAVAILABLE = ['08006', '53300', '57P01', '57P03', '57014', '55P03', '25P03', 'ECONNREFUSED', 'ENOTFOUND'];
const OTHER = ['23505', '40001', '40P01', '42501', '42P01', '22P02', '57P06', '080061', 'ENOENT', ''];

const coded = (code: string): Error => Object.assign(new Error('a message'), { code });

describe('the classification of database errors', () => {
  for (const code of UNAVAILABLE) {
    it(`SR-30: takes ${code} for unavailability, wrapped or not`, () => {
      expect(isUnavailable(coded(code))).toBe(true);
      expect(isUnavailable(new Error('outer', { cause: coded(code) }))).toBe(true);
    });
  }

  for (const code of OTHER) {
    it(`does not take ${JSON.stringify(code)} for unavailability`, () => {
      expect(isUnavailable(coded(code))).toBe(false);
    });
  }

  it('takes nothing but errors for anything', () => {
    for (const value of [undefined, null, '23505', { code: '23505' }, { code: '57014' }, new Error('23505')]) {
      expect(isUnavailable(value)).toBe(false);
      expect(isUniqueViolation(value)).toBe(false);
    }
  });

  it('ends with an error that is its own cause', () => {
    const error = new Error('a message');
    error.cause = error;
    expect(isUnavailable(error)).toBe(false);
  });
});
