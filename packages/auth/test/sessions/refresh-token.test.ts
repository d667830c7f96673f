import { Buffer } from 'node:buffer';

import { describe, expect, it } from 'vitest';

import {
  createRefreshToken,
  createSuccessorSalt,
  deriveSuccessor,
  digestOf,
  parseRefreshToken,
} from '../../src/sessions/refresh-token.ts';

describe('a refresh token', () => {
  it('SR-8: has 256 bits, and none is like another', () => {
    const tokens = Array.from({ length: 100 }, createRefreshToken);
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    for (const token of tokens) expect(parseRefreshToken(token)).toBe(token);
  });

  it('SR-8: has one spelling', () => {
    const token = createRefreshToken();
    const last = token.at(-1) ?? '';
    // The two bits that the last character has to spare are ignored by a lenient decoder.
    const twin = String.fromCodePoint((last.codePointAt(0) ?? 0) + 1);
    const spellings = [`${token.slice(0, -1)}${twin}`, `${token}=`, ` ${token}`, `${token}A`, token.slice(1), ''];
    for (const spelling of spellings) expect(parseRefreshToken(spelling)).toBeUndefined();
  });

  it('SR-8: has one successor for a salt, and another for another', () => {
    const token = createRefreshToken();
    const salt = createSuccessorSalt();
    const successor = deriveSuccessor(token, salt);
    expect(parseRefreshToken(successor)).toBe(successor);
    expect(deriveSuccessor(token, salt)).toBe(successor);
    expect(deriveSuccessor(token, createSuccessorSalt())).not.toBe(successor);
    expect(deriveSuccessor(createRefreshToken(), salt)).not.toBe(successor);
  });

  it('SR-8: cannot be read from what is stored', () => {
    const token = createRefreshToken();
    const salt = createSuccessorSalt();
    const stored = [digestOf(token), salt.toString('base64url'), digestOf(deriveSuccessor(token, salt))];
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(deriveSuccessor(token, salt));
    expect(digestOf(token)).toMatch(/^[\w-]{43}$/);
  });
});
