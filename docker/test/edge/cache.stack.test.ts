import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { createAdministrator } from '../support/administrator.ts';
import { EdgeClient } from '../support/edge-client.ts';
import { FORGED_ADDRESS, FORGED_ID, FORGED_TRACE, forgedHeaders } from './support/forged-headers.ts';
import { observe } from './support/observe.ts';
import { askRaw, headerOf, type RawAnswer, type RawRequest } from './support/raw-answer.ts';
import { edgeLineOf } from './support/stack-logs.ts';

const JWKS = '/.well-known/jwks.json';

/** Longer than the period of the cache. */
const PERIOD_PATIENCE = { timeout: 25_000, interval: 50 };

/** Asks, and reads what the edge says of its cache. */
async function askAndRead(request: RawRequest): Promise<RawAnswer & { readonly cache: string }> {
  const since = new Date();
  const answer = await askRaw(request);
  const { cache } = await edgeLineOf(answer, since);
  return { ...answer, cache };
}

/** Asks until an answer comes from the cache: between two requests, its period of ten seconds may end. */
async function untilKept(request: RawRequest): Promise<readonly [before: RawAnswer, kept: RawAnswer]> {
  return vi.waitFor(async () => {
    const before = await askRaw(request);
    const after = await askAndRead(request);
    expect(after.cache).toBe('HIT');
    return [before, after] as const;
  }, PERIOD_PATIENCE);
}

describe('SR-34: the micro-cache', () => {
  it('keeps what the API calls public, and tells nobody what was meant for another', async () => {
    const [before, kept] = await untilKept({ path: JWKS });
    expect(kept.status).toBe(200);
    expect(kept.body).toBe(before.body);
    expect(headerOf(kept, 'cache-control')).toBe('public, max-age=600');
    expect(headerOf(kept, 'x-request-id')).not.toBe(headerOf(before, 'x-request-id'));
    expect([...kept.headers.keys()].filter((name) => name.startsWith('ratelimit-'))).toEqual([]);
    expect(headerOf(kept, 'age')).toMatch(/^\d$/);
    observe('cache-public', 'kept for at most ten seconds; own request id, no budget of another, `Age`');
  });

  for (const header of [
    ['Authorization', 'Bearer a'],
    ['Cookie', 'a=b'],
    ['Cookie', '__Host-refresh=a'],
  ] as const) {
    it(`does not answer somebody with a name: ${header.join(': ')}`, async () => {
      await untilKept({ path: JWKS });
      const first = await askAndRead({ path: JWKS, headers: [header] });
      const second = await askAndRead({ path: JWKS, headers: [header] });
      expect([first.cache, second.cache]).toEqual(['BYPASS', 'BYPASS']);
    });
  }

  it('is not there for an answer that says no-store, nor for another method', async () => {
    const path = '/.well-known/security.txt';
    for (const request of [{ path }, { path }, { path: JWKS, method: 'POST' }, { path: '/.well-known/nothing' }])
      expect((await askAndRead(request)).cache).not.toBe('HIT');
    observe('cache-unmarked', 'no-store, errors and other methods: never kept');
  });

  it('is not poisoned by a header that is no part of its key', async () => {
    const [clean] = await untilKept({ path: JWKS });
    // The one with the poison is the one that is kept: the first of a period of ten seconds.
    const [poisoned, next] = await vi.waitFor(async () => {
      const first = await askAndRead({ path: JWKS, headers: forgedHeaders });
      expect(first.cache).toBe('MISS');
      const second = await askAndRead({ path: JWKS });
      expect(second.cache).toBe('HIT');
      return [first, second] as const;
    }, PERIOD_PATIENCE);
    expect([poisoned.status, poisoned.body, next.status, next.body]).toEqual([200, clean.body, 200, clean.body]);
    const told = JSON.stringify([...poisoned.headers, ...next.headers]);
    for (const trace of ['evil', FORGED_ADDRESS, FORGED_ID, FORGED_TRACE]) expect(told).not.toContain(trace);
    observe('cache-poisoning', 'kept, and given to the next (HIT): the same as ever, nothing of what was sent');
  });

  it('gives nobody what was made for a page of another origin', async () => {
    const path = { path: JWKS };
    const headers = [['Origin', 'https://evil.example']] as const;
    await untilKept({ ...path, headers });
    const [, kept] = await untilKept(path);
    expect(headerOf(kept, 'vary')).toMatch(/\borigin\b/i);
    expect(JSON.stringify([...kept.headers])).not.toContain('evil.example');
  });
});

describe('SR-34: two users at one address', () => {
  let client: EdgeClient;
  let tokens: readonly string[];
  beforeAll(async () => {
    client = await EdgeClient.create();
    tokens = [await createAdministrator(client), await createAdministrator(client)].map((each) => each.authorization);
  });
  afterAll(() => client.close());

  /** How many of the paths below have passed: what did not hold is not noted. */
  let held = 0;

  /** Paths that look like a file, or like what is kept, to a cache that looks at their end or their start. */
  const deceptive = [
    '/api/users/me',
    '/api/users/me/x.css',
    '/api/users/me.css',
    '/api/users/me%2fx.js',
    '/api/users/me;x.js',
    '/api/users/me%23.css',
    '/api/users/me%3f.css',
    '/.well-known/../api/users/me',
    '/.well-known/%2e%2e/api/users/me',
    '/.well-known/..%2fapi/users/me',
    '/.well-known/jwks.json/../../api/users/me',
  ];

  for (const path of deceptive) {
    it(`each get their own answer or none, and a third nobody's: ${path}`, async () => {
      const asked = tokens.map((token) => askAndRead({ path, headers: [['Authorization', token]] }));
      const [one, other] = await Promise.all(asked);
      const stranger = await askAndRead({ path });
      for (const answer of [one, other, stranger]) expect(answer?.cache).not.toBe('HIT');
      if (one?.status === 200) expect(JSON.parse(one.body)).not.toEqual(JSON.parse(other?.body ?? '{}'));
      expect([400, 401, 404]).toContain(stranger.status);
      held += 1;
    });
  }

  it('are told apart on each of these paths', () => {
    expect(held).toBe(deceptive.length);
    observe('cache-two-users', 'each their own answer; with credentials, nothing is kept');
    observe('cache-deception', `${deceptive.length} paths: never from the cache`);
  });
});
