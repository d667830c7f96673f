import { describe, expect, it } from 'vitest';

import {
  assertArgon2Parameters,
  DEFAULT_ARGON2_PARAMETERS,
  isBoundedWork,
} from '../../src/passwords/argon2-parameters.ts';

describe('argon2 parameters', () => {
  it('SR-10: the default is 19456 KiB, two passes, one lane', () => {
    expect(DEFAULT_ARGON2_PARAMETERS).toStrictEqual({ memoryKib: 19_456, passes: 2, parallelism: 1 });
  });

  // The settings that the OWASP password storage cheat sheet calls equal, and RFC 9106's second recommendation.
  it.each([
    [47_104, 1, 1],
    [19_456, 2, 1],
    [12_288, 3, 1],
    [9216, 4, 1],
    [7168, 5, 1],
    [65_536, 3, 4],
  ])('SR-10: new hashes may use %i KiB, %i passes, %i lanes', (memoryKib, passes, parallelism) => {
    expect(() => assertArgon2Parameters({ memoryKib, passes, parallelism })).not.toThrow();
  });

  it.each([
    [19_456, 1, 1],
    [19_455, 1, 1],
    [7167, 6, 1],
    [4096, 16, 1],
    [8, 1, 1],
    [262_144, 2, 1],
    [19_456, 2, 5],
    [19_456.5, 2, 1],
    [Number.NaN, 2, 1],
    [19_456, Number.POSITIVE_INFINITY, 1],
  ])('SR-10: new hashes may not use %d KiB, %d passes, %d lanes', (memoryKib, passes, parallelism) => {
    expect(() => assertArgon2Parameters({ memoryKib, passes, parallelism })).toThrow(RangeError);
  });

  it('allows a stored hash to be weak, so that it can be verified and replaced', () => {
    expect(isBoundedWork({ memoryKib: 8, passes: 1, parallelism: 1 })).toBe(true);
  });
});
