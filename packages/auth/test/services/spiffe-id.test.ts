import { describe, expect, it } from 'vitest';

import { isSpiffeId, parseSpiffeId } from '../../src/services/spiffe-id.ts';

const longest = `spiffe://example.internal/${'a'.repeat(2048 - 26)}`;

describe('the name of a service', () => {
  it.each([
    'spiffe://example.internal/billing',
    'spiffe://example.internal/ns/billing/sa/default',
    'spiffe://e/A-Z_0.9',
    'spiffe://1.2.3.4/...',
    longest,
  ])('SR-28: %s is one', (text) => {
    expect(isSpiffeId(text)).toBe(true);
    expect(parseSpiffeId(text)).toBe(text);
  });

  it.each([
    '',
    'billing',
    'spiffe://',
    'spiffe://example.internal',
    'spiffe://example.internal/',
    'spiffe:///billing',
    'spiffe://example.internal//billing',
    'spiffe://example.internal/billing/',
    'spiffe://example.internal/./billing',
    'spiffe://example.internal/ns/../billing',
    'spiffe://example.internal/..',
    'spiffe://Example.internal/billing',
    'SPIFFE://example.internal/billing',
    'https://example.internal/billing',
    'spiffe://user@example.internal/billing',
    'spiffe://example.internal:443/billing',
    'spiffe://example.internal/billing?admin',
    'spiffe://example.internal/billing#admin',
    'spiffe://example.internal/bill%69ng',
    'spiffe://example.internal/bílling',
    'spiffe://example.internal/billing,',
    'spiffe://example.internal/billing ',
    ' spiffe://example.internal/billing',
    'spiffe://example.internal/billing\n',
    'spiffe://example.internal/billing\0',
    'spiffe://example.internal\\billing',
    'spiffe://example.internal/"billing"',
    `spiffe://${'a'.repeat(256)}/billing`,
    `${longest}a`,
  ])('SR-28: %j is none', (text) => {
    expect(isSpiffeId(text)).toBe(false);
    expect(() => parseSpiffeId(text)).toThrow(TypeError);
  });
});
