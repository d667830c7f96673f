import { signedIn } from '@redoubt/auth';
import { createMemoryStore, type SharedStore } from '@redoubt/storage';
import { createManualClock } from '@redoubt/testing';
import { Type } from '@sinclair/typebox';
import { afterEach, describe, expect, it } from 'vitest';

import { createMetrics, type RateLimit, type RateLimitOptions } from '../../src/index.ts';
import { createTestServer, type TestServer } from '../support/test-server.ts';

const Answer = Type.Object({ name: Type.String({ maxLength: 10 }) }, { additionalProperties: false });
const response = { 200: Answer };
const handler = (): { name: string } => ({ name: 'a' });
const own: RateLimit = { max: 1, windowSeconds: 20, by: 'caller', group: 'own', whenStoreIsAway: 'refuse' };

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(({ app }) => app.close()));
});

/** A server over the store, with what it tells of limits. */
async function start(store: RateLimitOptions['store'], now: () => number) {
  const told: string[] = [];
  const metrics = createMetrics();
  const server = await createTestServer({
    metrics,
    rateLimits: { store, now, anonymousMax: 3, signedInMax: 4 },
    observer: { limited: ({ clientAddress }, limit) => told.push(`${limit} ${clientAddress}`) },
  });
  servers.push(server);
  server.app.get('/public', { access: 'public', schema: { response } }, handler);
  server.app.get('/account', { access: signedIn(), schema: { response } }, handler);
  server.app.get('/own', { access: signedIn(), rateLimit: own, schema: { response } }, handler);
  await server.app.ready();
  const outcomes = async (): Promise<string> => metrics.registry.getSingleMetricAsString('rate_limit_outcomes_total');
  return { ...server, told, outcomes };
}

/** The store as the plugin sees any: it answers later. */
const later = (store: SharedStore): RateLimitOptions['store'] => ({
  increment: (key, ttlMs) => store.increment(key, ttlMs),
});

const names = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after', 'content-type'];

describe('a request that is counted at once', () => {
  it('SR-22: is answered as @fastify/rate-limit decides, through windows that fill, end and begin anew', async () => {
    const clock = createManualClock();
    const atOnce = await start(createMemoryStore({ now: clock.now }), clock.now);
    const byPlugin = await start(later(createMemoryStore({ now: clock.now })), clock.now);
    const seen = new Set<number>();
    // A fixed sequence that mixes callers, routes and pauses: every one of them meets every state of a window.
    for (let step = 0; step < 600; step += 1) {
      const url = ['/public', '/account', '/own', '/nothing'][(step * 7) % 4] as string;
      const authorization = `Bearer token-of-${['ada', 'bob', 'nobody'][(step * 5) % 3]}`;
      const remoteAddress = ['198.51.100.1', '2001:db8::1', '::ffff:198.51.100.2'][(step * 11) % 3] as string;
      if (step % 9 === 8) clock.advance(((step * 3571) % 70) * 1000 + 333);
      const asked = { url, remoteAddress, headers: { authorization } };
      const [fast, slow] = [await atOnce.app.inject(asked), await byPlugin.app.inject(asked)];
      seen.add(fast.statusCode);
      expect([fast.statusCode, ...names.map((name) => fast.headers[name])]).toEqual([
        slow.statusCode,
        ...names.map((name) => slow.headers[name]),
      ]);
      expect(Object.keys(fast.headers).toSorted()).toEqual(Object.keys(slow.headers).toSorted());
      expect({ ...fast.json(), requestId: '' }).toEqual({ ...slow.json(), requestId: '' });
    }
    expect([...seen].toSorted((a, b) => a - b)).toEqual([200, 401, 404, 429]);
    expect(atOnce.told).toEqual(byPlugin.told);
    expect(atOnce.told.length).toBeGreaterThan(20);
    expect(await atOnce.outcomes()).toBe(await byPlugin.outcomes());
  });

  it('SR-22, SR-30: meets the promise of its route when the store fails at once', async () => {
    const clock = createManualClock();
    const store: RateLimitOptions['store'] = {
      increment: () => Promise.reject(new Error('c4n4ry')),
      incrementNow: () => {
        throw new Error('c4n4ry');
      },
    };
    const { app, outcomes } = await start(store, clock.now);
    const headers = { authorization: 'Bearer token-of-ada' };
    expect((await app.inject({ url: '/public' })).statusCode).toBe(200);
    expect((await app.inject({ url: '/own', headers })).statusCode).toBe(503);
    expect(await outcomes()).toContain('outcome="local"} 1');
  });

  it('SR-44: by a name of any length keeps to the bound of keys', async () => {
    const keys: string[] = [];
    const clock = createManualClock();
    const memory = createMemoryStore({ now: clock.now });
    const { app } = await start(
      {
        increment: (key, ttlMs) => memory.increment(key, ttlMs),
        incrementNow: (key, ttlMs) => {
          keys.push(key);
          return memory.incrementNow?.(key, ttlMs) ?? { count: 1, expiresInMs: ttlMs };
        },
      },
      clock.now,
    );
    await app.inject({ url: '/public', remoteAddress: '198.51.100.1' });
    await app.inject({ url: '/public', remoteAddress: 'x'.repeat(1000) });
    expect(keys).toEqual(['limit:anonymous:ip:198.51.100.1', expect.stringMatching(/^limit:[\w-]{43}$/)]);
  });
});
