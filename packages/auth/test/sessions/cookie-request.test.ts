import { describe, expect, it } from 'vitest';

import { clearedRefreshCookie, isOwnPageRequest, readRefreshCookie, refreshCookie } from '../../src/index.ts';

const allowed = new Set(['https://app.example']);

describe('a request that a cookie authenticates', () => {
  const own = {
    'an allowed origin': { origin: 'https://app.example' },
    'an allowed origin of the same site': { origin: 'https://app.example', 'sec-fetch-site': 'same-site' },
    'no page, with the header': { 'x-requested-with': 'client' },
    'the page of the service, with the header': {
      origin: 'http://127.0.0.1:3000',
      'x-requested-with': 'client',
      'sec-fetch-site': 'same-origin',
    },
  };
  for (const [what, headers] of Object.entries(own)) {
    it(`SR-25: passes with ${what}`, () => {
      expect(isOwnPageRequest(headers, allowed)).toBe(true);
    });
  }

  const foreign = {
    'neither origin nor header': {},
    'a foreign origin': { origin: 'https://evil.example' },
    'a foreign origin and the header': { origin: 'https://evil.example', 'x-requested-with': 'x' },
    'the origin null': { origin: 'null' },
    'another scheme': { origin: 'http://app.example' },
    'another port': { origin: 'https://app.example:8443' },
    'a longer host': { origin: 'https://app.example.evil.example' },
    'an allowed origin, from another site': { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' },
    'the header, from another site': { 'x-requested-with': 'x', 'sec-fetch-site': 'cross-site' },
    'a sibling of the same site': {
      origin: 'https://sibling.example',
      'x-requested-with': 'x',
      'sec-fetch-site': 'same-site',
    },
  };
  for (const [what, headers] of Object.entries(foreign)) {
    it(`SR-25: is refused with ${what}`, () => {
      expect(isOwnPageRequest(headers, allowed)).toBe(false);
    });
  }
});

describe('the refresh cookie', () => {
  it('SR-25: is for this host over TLS alone, out of reach of scripts and of other sites', () => {
    expect(refreshCookie('token', 60)).toBe(
      '__Host-refresh=token; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict',
    );
  });

  it('SR-55: is taken away with the attributes that it was set with', () => {
    expect(clearedRefreshCookie()).toBe('__Host-refresh=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict');
  });

  it('is read by its exact name', () => {
    expect(readRefreshCookie('a=1; __Host-refresh=token; b=2')).toBe('token');
    expect(readRefreshCookie('__host-refresh=token; refresh=token; __proto__=x')).toBeUndefined();
    expect(readRefreshCookie(undefined)).toBeUndefined();
  });
});
