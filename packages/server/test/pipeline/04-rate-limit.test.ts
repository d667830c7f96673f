import { createHash } from 'node:crypto';

import { signedIn } from '@redoubt/auth';
import { createManualClock, type ManualClock } from '@redoubt/testing';
import { Type } from '@sinclair/typebox';
import type { InjectOptions, LightMyRequestResponse as InjectResponse } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  AppError,
  createMetrics,
  limits,
  notLimited,
  notNeeded,
  type RateLimit,
  type ServerOptions,
} from '../../src/index.ts';
import { SteeredStore } from '../support/steered-store.ts';
import { createTestServer, type TestServer } from '../support/test-server.ts';

const ANONYMOUS_MAX = 5;
const SIGNED_IN_MAX = 7;
const WINDOW_MS = 15 * 60_000;
const DEADLINE_MS = 20;

const Answer = Type.Object({ name: Type.String({ maxLength: 10 }) }, { additionalProperties: false });
const response = { 200: Answer };
const handler = (): { name: string } => ({ name: 'a' });
const guessing: RateLimit = {
  max: 2,
  windowSeconds: 60,
  by: 'address',
  group: 'guessing',
  whenStoreIsAway: 'refuse',
};

let clock: ManualClock;
let store: SteeredStore;
let server: TestServer;
let limited: [address: string, userId: string | undefined, limit: string][];
let addresses = 0;

beforeEach(async () => {
  clock = createManualClock();
  store = new SteeredStore(clock.now);
  limited = [];
  server = await start();
});
afterEach(() => server.app.close());

/** Two of them over one store are two replicas. */
async function start(overrides: Partial<ServerOptions> = {}): Promise<TestServer> {
  const started = await createTestServer({
    rateLimits: {
      store,
      now: clock.now,
      anonymousMax: ANONYMOUS_MAX,
      signedInMax: SIGNED_IN_MAX,
      storeDeadlineMs: DEADLINE_MS,
      probeIntervalMs: 1,
    },
    observer: {
      limited: ({ clientAddress, principal }, limit) => {
        limited.push([clientAddress, principal?.kind === 'user' ? principal.userId : undefined, limit]);
      },
    },
    ...overrides,
  });
  const { app } = started;
  app.get('/public', { access: 'public', schema: { response } }, handler);
  app.get('/own', { access: signedIn(), schema: { response } }, handler);
  app.get('/by-address', { access: signedIn(), rateLimit: guessing, schema: { response } }, handler);
  app.get('/free', { access: 'public', rateLimit: notLimited('a test'), schema: { response } }, handler);
  app.get('/own-free', { access: signedIn(), rateLimit: notLimited('a test'), schema: { response } }, handler);
  app.get(
    '/rare',
    {
      access: signedIn(),
      rateLimit: { max: 1, windowSeconds: 60, by: 'caller', whenStoreIsAway: 'local' },
      schema: { response },
    },
    handler,
  );
  app.post(
    '/guess',
    { access: 'public', idempotency: notNeeded('a test'), rateLimit: guessing, schema: { body: Answer, response } },
    handler,
  );
  app.get('/throws', { access: 'public', schema: { response } }, () => {
    throw new AppError('conflict');
  });
  await app.ready();
  return started;
}

/** An address of its own for each test: nobody else has asked from it. */
const freshAddress = (): string => `198.51.100.${(addresses += 1)}`;
const ada = { authorization: 'Bearer token-of-ada' };
const bob = { authorization: 'Bearer token-of-bob' };

async function ask(request: InjectOptions, times = 1, { app } = server): Promise<InjectResponse> {
  for (let count = 1; count < times; count += 1) await app.inject(request);
  return app.inject(request);
}

const limitHeaders = ({ headers }: InjectResponse): unknown[] =>
  ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after'].map((name) => headers[name]);

describe('without further words', () => {
  it('SR-22: takes 100 requests of an address in 15 minutes and 600 of a user in one', async () => {
    await server.app.close();
    server = await start({ rateLimits: { store, now: clock.now } });
    const remoteAddress = freshAddress();
    expect(limitHeaders(await ask({ url: '/public', remoteAddress }))).toEqual(['100', '99', '900', undefined]);
    expect(limitHeaders(await ask({ url: '/own', headers: ada }))).toEqual(['600', '599', '60', undefined]);
    expect((await ask({ url: '/public', remoteAddress }, 99)).statusCode).toBe(200);
    expect((await ask({ url: '/public', remoteAddress })).statusCode).toBe(429);
    expect((await ask({ url: '/own', headers: ada }, 599)).statusCode).toBe(200);
    expect((await ask({ url: '/own', headers: ada })).statusCode).toBe(429);
  });

  it('SR-22: a listener that counts nothing says so', async () => {
    const { app } = await createTestServer({ rateLimits: 'none' });
    app.get('/public', { access: 'public', schema: { response } }, handler);
    expect(limitHeaders(await ask({ url: '/public' }, 1, { app, log: server.log }))).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
    await app.close();
  });
});

describe('an address', () => {
  it('SR-22: is told at each answer what is left, and to wait when nothing is', async () => {
    const remoteAddress = freshAddress();
    for (let left = ANONYMOUS_MAX - 1; left >= 0; left -= 1) {
      const answer = await ask({ url: '/public', remoteAddress });
      expect([answer.statusCode, ...limitHeaders(answer)]).toEqual([200, '5', String(left), '900', undefined]);
    }
    clock.advance(1500);
    const refused = await ask({ url: '/public', remoteAddress });
    expect([refused.statusCode, ...limitHeaders(refused)]).toEqual([429, '5', '0', '899', '899']);
    expect(refused.json()).toMatchObject({ type: 'urn:problem-type:too-many-requests', status: 429 });
  });

  it('SR-22: may go on when its window has ended', async () => {
    const remoteAddress = freshAddress();
    await ask({ url: '/public', remoteAddress }, ANONYMOUS_MAX + 3);
    clock.advance(WINDOW_MS - 1);
    expect((await ask({ url: '/public', remoteAddress })).statusCode).toBe(429);
    clock.advance(1);
    expect((await ask({ url: '/public', remoteAddress })).statusCode).toBe(200);
  });

  it('SR-22: gains nothing by rotating within its /64, nor by writing IPv4 as IPv6', async () => {
    const rotating = Array.from({ length: ANONYMOUS_MAX }, (_, index) => `2001:db8:5:6:${index}::${index + 1}`);
    for (const remoteAddress of rotating) await ask({ url: '/public', remoteAddress });
    expect((await ask({ url: '/public', remoteAddress: '2001:db8:5:6:ffff:ffff:ffff:ffff' })).statusCode).toBe(429);
    expect((await ask({ url: '/public', remoteAddress: '2001:db8:5:7::1' })).statusCode).toBe(200);
    const address = freshAddress();
    await ask({ url: '/public', remoteAddress: address }, ANONYMOUS_MAX);
    expect((await ask({ url: '/public', remoteAddress: `::ffff:${address}` })).statusCode).toBe(429);
  });

  it('SR-23: gains nothing by naming another one in a header', async () => {
    const remoteAddress = freshAddress();
    for (let count = 0; count < ANONYMOUS_MAX; count += 1) {
      const spoofed = `203.0.113.${count}`;
      await ask({
        url: '/public',
        remoteAddress,
        headers: { 'x-forwarded-for': spoofed, 'x-real-ip': spoofed, forwarded: `for=${spoofed}` },
      });
    }
    const headers = { 'x-forwarded-for': '203.0.113.250' };
    expect((await ask({ url: '/public', remoteAddress, headers })).statusCode).toBe(429);
  });

  it('SR-23: is the one that a trusted hop names', async () => {
    await server.app.close();
    const hop = freshAddress();
    server = await start({ trustedProxies: [hop] });
    const from = (client: string): InjectOptions => ({
      url: '/public',
      remoteAddress: hop,
      headers: { 'x-forwarded-for': client },
    });
    expect((await ask(from('203.0.113.1'), ANONYMOUS_MAX + 1)).statusCode).toBe(429);
    expect((await ask(from('203.0.113.2'))).statusCode).toBe(200);
  });

  it('SR-22: is counted for paths, methods and preflights that nobody offers', async () => {
    const guesses: InjectOptions[] = [
      { url: '/wp-login.php' },
      { url: '/.env', method: 'POST', payload: '{' },
      { url: '/public', method: 'PUT' },
      { url: '/public', method: 'OPTIONS' },
      { url: '/nothing', method: 'OPTIONS', headers: { origin: 'https://evil.example' } },
    ];
    const remoteAddress = freshAddress();
    for (const [index, guess] of guesses.entries()) {
      const answer = await ask({ ...guess, remoteAddress });
      expect([answer.statusCode < 429, answer.headers['ratelimit-remaining']]).toEqual([
        true,
        String(ANONYMOUS_MAX - 1 - index),
      ]);
    }
    for (const guess of guesses) expect((await ask({ ...guess, remoteAddress })).statusCode).toBe(429);
  });

  it('SR-22: is not counted for a preflight that is answered: the request that it announces is', async () => {
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'GET' };
    const preflight: InjectOptions = { url: '/public', method: 'OPTIONS', headers, remoteAddress: freshAddress() };
    expect((await ask(preflight, ANONYMOUS_MAX + 1)).statusCode).toBe(204);
    expect(store.takeCount()).toBe(0);
  });

  it('is told what is left by errors, too, each with the headers once', async () => {
    const remoteAddress = freshAddress();
    const faults: [InjectOptions, number][] = [
      [{ url: '/throws' }, 409],
      [{ url: '/public?a=1' }, 400],
      [{ url: '/public', headers: { accept: 'text/html' } }, 406],
      [{ url: '/own' }, 401],
    ];
    for (const [index, [fault, status]] of faults.entries()) {
      const answer = await ask({ ...fault, remoteAddress });
      expect([answer.statusCode, ...limitHeaders(answer)]).toEqual([status, '5', String(4 - index), '900', undefined]);
    }
  });
});

describe('a caller', () => {
  it('SR-22: is counted as itself once it is proven, wherever it asks from', async () => {
    for (let count = 0; count < SIGNED_IN_MAX; count += 1)
      expect((await ask({ url: '/own', headers: ada, remoteAddress: freshAddress() })).statusCode).toBe(200);
    expect((await ask({ url: '/own', headers: ada, remoteAddress: freshAddress() })).statusCode).toBe(429);
    expect((await ask({ url: '/own', headers: bob })).statusCode).toBe(200);
    expect(limited).toEqual([[expect.any(String), '018f0000-0000-7000-8000-00000000000a', 'signed-in']]);
  });

  it('SR-22: gets through behind an address that is over its limit', async () => {
    const remoteAddress = freshAddress();
    expect((await ask({ url: '/public', remoteAddress }, ANONYMOUS_MAX + 1)).statusCode).toBe(429);
    expect((await ask({ url: '/own', headers: ada, remoteAddress })).statusCode).toBe(200);
  });

  it('SR-22: whose token is refused is an address: a flood of bad tokens ends in 429', async () => {
    const remoteAddress = freshAddress();
    const guess = (count: number): InjectOptions => ({
      url: '/own',
      remoteAddress,
      headers: { authorization: `Bearer guess-${count}` },
    });
    for (let count = 0; count < ANONYMOUS_MAX; count += 1) {
      const answer = await ask(guess(count));
      expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    }
    expect((await ask(guess(ANONYMOUS_MAX))).statusCode).toBe(429);
    expect((await ask({ url: '/own-free', remoteAddress, headers: { authorization: 'Bearer x' } })).statusCode).toBe(
      429,
    );
  });

  it('SR-30: is not counted for a token that nobody can judge now: it keeps its 503', async () => {
    await server.app.close();
    server = await start({
      authenticator: () => Promise.reject(new AppError('unavailable', { retryAfterSeconds: 3 })),
    });
    const answer = await ask({ url: '/own', headers: ada, remoteAddress: freshAddress() }, ANONYMOUS_MAX + 1);
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '3']);
    expect(store.takeCount()).toBe(0);
  });

  it('SR-22: has one request counted once', async () => {
    const counts: [InjectOptions, number][] = [
      [{ url: '/public' }, 1],
      [{ url: '/own', headers: ada }, 1],
      [{ url: '/own', headers: { authorization: 'Bearer x' } }, 1],
      [{ url: '/by-address', headers: ada }, 1],
      [{ url: '/nothing' }, 1],
      [{ url: '/free' }, 0],
      [{ url: '/own-free', headers: ada }, 0],
      [{ url: '//' }, 0],
    ];
    for (const [request, expected] of counts) {
      await ask({ ...request, remoteAddress: freshAddress() });
      expect([request.url, store.takeCount()]).toEqual([request.url, expected]);
    }
  });
});

describe('a limit that a route declares', () => {
  it('SR-22: counts the routes of its group together, and apart from all others', async () => {
    const remoteAddress = freshAddress();
    const guess: InjectOptions = { url: '/guess', method: 'POST', payload: { name: 'a' }, remoteAddress };
    expect(limitHeaders(await ask(guess))).toEqual(['2', '1', '60', undefined]);
    expect((await ask({ url: '/by-address', headers: ada, remoteAddress })).statusCode).toBe(200);
    expect((await ask(guess)).statusCode).toBe(429);
    expect((await ask({ url: '/by-address', headers: bob, remoteAddress })).statusCode).toBe(429);
    expect((await ask({ url: '/public', remoteAddress })).statusCode).toBe(200);
    expect((await ask({ url: '/own', headers: ada, remoteAddress })).statusCode).toBe(200);
  });

  it('SR-22: counts alone without a group, HEAD with GET', async () => {
    expect((await ask({ url: '/rare', headers: ada })).statusCode).toBe(200);
    expect((await ask({ url: '/rare', headers: ada, method: 'HEAD' })).statusCode).toBe(429);
    expect((await ask({ url: '/own', headers: ada })).statusCode).toBe(200);
  });

  it('SR-22: that is none is none', async () => {
    const answer = await ask({ url: '/free', remoteAddress: freshAddress() }, 3 * ANONYMOUS_MAX);
    expect([answer.statusCode, ...limitHeaders(answer)]).toEqual([200, undefined, undefined, undefined, undefined]);
  });

  it('refuses a body unread: a caller over its limit costs no parsing', async () => {
    const remoteAddress = freshAddress();
    const guess: InjectOptions = { url: '/guess', method: 'POST', payload: { name: 'a' }, remoteAddress };
    await ask(guess, 2);
    const headers = { 'content-type': 'application/json' };
    expect((await ask({ ...guess, headers, payload: '{' })).statusCode).toBe(429);
  });
});

describe('replicas', () => {
  it('SR-22: count together', async () => {
    const other = await start();
    const remoteAddress = freshAddress();
    for (let count = 0; count < ANONYMOUS_MAX; count += 1) {
      const replica = count % 2 === 0 ? server : other;
      expect((await ask({ url: '/public', remoteAddress }, 1, replica)).statusCode).toBe(200);
    }
    for (const replica of [server, other])
      expect((await ask({ url: '/public', remoteAddress }, 1, replica)).statusCode).toBe(429);
    await other.app.close();
  });

  it('SR-22: tell of a caller once in a window, whichever it meets', async () => {
    const other = await start();
    const remoteAddress = freshAddress();
    for (let count = 0; count < ANONYMOUS_MAX + 20; count += 1)
      await ask({ url: '/public', remoteAddress }, 1, count % 2 === 0 ? server : other);
    expect(limited).toEqual([[remoteAddress, undefined, 'anonymous']]);
    clock.advance(WINDOW_MS);
    await ask({ url: '/public', remoteAddress }, ANONYMOUS_MAX + 2);
    expect(limited).toHaveLength(2);
    await other.app.close();
  });

  it('SR-22: ask the store once for a request, and not at all for a caller known to be over its limit', async () => {
    const remoteAddress = freshAddress();
    await ask({ url: '/public', remoteAddress }, ANONYMOUS_MAX + 1);
    expect(store.takeCount()).toBe(ANONYMOUS_MAX + 1);
    await ask({ url: '/public', remoteAddress }, 50);
    expect(store.takeCount()).toBe(0);
  });

  it('keep no address of a person in the store', async () => {
    const keys: string[] = [];
    const spied = { increment: (key: string, ttlMs: number) => (keys.push(key), store.increment(key, ttlMs)) };
    await server.app.close();
    server = await start({ rateLimits: { store: spied, now: clock.now } });
    const remoteAddress = freshAddress();
    await ask({ url: '/public', remoteAddress });
    const digest = createHash('sha256').update(`limit:anonymous:ip:${remoteAddress}`).digest('base64url');
    expect(keys).toEqual([`limit:${digest}`]);
  });
});

describe('while the shared store is away', () => {
  for (const mode of ['away', 'hangs', 'throws'] as const) {
    it(`SR-22, SR-30: routes in general count in this process (${mode})`, async () => {
      store.mode = mode;
      const remoteAddress = freshAddress();
      const answer = await ask({ url: '/public', remoteAddress }, ANONYMOUS_MAX);
      expect([answer.statusCode, ...limitHeaders(answer)]).toEqual([200, '5', '0', '900', undefined]);
      expect((await ask({ url: '/public', remoteAddress })).statusCode).toBe(429);
      expect((await ask({ url: '/own', headers: ada, remoteAddress })).statusCode).toBe(200);
    });

    it(`SR-22, SR-30: routes that must not be guessed at uncounted answer 503 (${mode})`, async () => {
      store.mode = mode;
      const guess: InjectOptions = { url: '/guess', method: 'POST', payload: { name: 'a' } };
      const answer = await ask({ ...guess, remoteAddress: freshAddress() });
      expect([answer.statusCode, ...limitHeaders(answer)]).toEqual([503, undefined, undefined, undefined, '1']);
      expect(answer.body).not.toContain('c4n4ry');
    });
  }

  it('SR-22: a caller that is known to be over its limit stays so', async () => {
    const remoteAddress = freshAddress();
    await ask({ url: '/public', remoteAddress }, ANONYMOUS_MAX + 1);
    store.mode = 'away';
    expect((await ask({ url: '/public', remoteAddress })).statusCode).toBe(429);
  });

  it('SR-22: nobody asks it but probes, and all is shared again when it answers', async () => {
    store.mode = 'away';
    const remoteAddress = freshAddress();
    await ask({ url: '/public', remoteAddress }, ANONYMOUS_MAX);
    store.mode = 'answers';
    const guess: InjectOptions = { url: '/guess', method: 'POST', payload: { name: 'a' } };
    await expect.poll(async () => (await ask({ ...guess, remoteAddress: freshAddress() })).statusCode).toBe(200);
    // What was counted meanwhile was this process's own affair.
    expect((await ask({ url: '/public', remoteAddress })).headers['ratelimit-remaining']).toBe('4');
  });

  it('is measured, and told in one line', async () => {
    const metrics = createMetrics();
    await server.app.close();
    server = await start({ metrics });
    store.mode = 'away';
    const remoteAddress = freshAddress();
    await ask({ url: '/public', remoteAddress }, ANONYMOUS_MAX + 1);
    await ask({ url: '/guess', method: 'POST', payload: { name: 'a' }, remoteAddress });
    const messages = server.log.lines().map(({ msg }) => msg);
    expect(messages.filter((msg) => msg !== 'request')).toEqual(['rate limits go on without the shared store']);
    const measured = await metrics.registry.getSingleMetricAsString('rate_limit_outcomes_total');
    expect(measured).toContain('{outcome="local"} 6');
    expect(measured).toContain('{outcome="limited"} 1');
    expect(measured).toContain('{outcome="refused"} 1');
  });
});

describe('telling of a caller over its limit', () => {
  it('SR-30: may fail: the refusal stands', async () => {
    await server.app.close();
    server = await start({
      observer: {
        limited: () => {
          throw new Error('a fault');
        },
      },
    });
    expect((await ask({ url: '/public', remoteAddress: freshAddress() }, ANONYMOUS_MAX + 1)).statusCode).toBe(429);
    expect(server.log.lines()).toContainEqual(
      expect.objectContaining({ msg: 'what was seen of a request could not be reported' }),
    );
  });
});

describe('the numbers', () => {
  it('SR-22: are those of the contract', () => {
    expect(limits).toMatchObject({
      ANONYMOUS_MAX: 100,
      ANONYMOUS_WINDOW_SECONDS: 900,
      SIGNED_IN_MAX: 600,
      SIGNED_IN_WINDOW_SECONDS: 60,
      RATE_LIMIT_STORE_DEADLINE_MS: 50,
    });
  });
});
