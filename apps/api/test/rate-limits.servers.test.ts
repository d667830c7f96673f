import { randomInt } from 'node:crypto';
import { request as send } from 'node:http';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createEmail, createPassword } from './support/journey.ts';
import { RealServers, type Replica } from './support/real-servers.ts';

const ANONYMOUS_MAX = 12;
const SIGN_IN_MAX = 4;
/** Few enough to reach, and one hop that is believed: each test asks from addresses of its own. */
const settings = {
  RATE_LIMIT_ANONYMOUS_MAX: String(ANONYMOUS_MAX),
  RATE_LIMIT_SIGN_IN_MAX: String(SIGN_IN_MAX),
  TRUSTED_PROXIES: '127.0.0.1',
};

let servers: RealServers;
let first: Replica;
let second: Replica;

beforeAll(async () => {
  servers = await RealServers.prepare();
  first = await servers.start(settings);
  second = await servers.start(settings);
});
afterAll(() => servers.close());

interface Answer {
  readonly status: number;
  readonly limit: readonly unknown[];
}

interface Question {
  readonly replica: Replica;
  readonly path: string;
  /** As a hop in front tells it. */
  readonly client?: string;
  /** The address of the connection itself. */
  readonly localAddress?: string;
  readonly body?: object;
}

/** An address that nobody else asks from: the counters outlive a run. */
const freshAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
const freshNetwork = (): string => `fd00:${hex()}:${hex()}:${hex()}`;
const hex = (): string => randomInt(1, 65_536).toString(16);

async function ask({ replica, path, client, localAddress = '127.0.0.1', body }: Question): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = send(new URL(path, replica.origin), {
    method: body === undefined ? 'GET' : 'POST',
    localAddress,
    agent: false,
    headers: {
      ...(client === undefined ? {} : { 'x-forwarded-for': client }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
  });
  outgoing.on('error', reject);
  outgoing.on('response', (response) => {
    const limit = ['limit', 'remaining'].map((name) => response.headers[`ratelimit-${name}`]);
    void text(response).then(() => resolve({ status: response.statusCode ?? 0, limit }), reject);
  });
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}

const path = '/api/nothing';
const signIn = { path: '/api/auth/login', body: { email: createEmail(), password: createPassword() } };

async function countOf({ management }: Replica, outcome: string): Promise<number> {
  const metrics = await (await fetch(`${management}/metrics`)).text();
  return Number(new RegExp(`rate_limit_outcomes_total\\{outcome="${outcome}"\\} (\\d+)`).exec(metrics)?.[1] ?? 0);
}

describe('two replicas of the production bundle', () => {
  it('SR-22: have one limit together', async () => {
    const client = freshAddress();
    for (let count = 0; count < ANONYMOUS_MAX; count += 1) {
      const answer = await ask({ replica: count % 2 === 0 ? first : second, path, client });
      expect(answer).toEqual({ status: 404, limit: [String(ANONYMOUS_MAX), String(ANONYMOUS_MAX - 1 - count)] });
    }
    for (const replica of [first, second]) expect((await ask({ replica, path, client })).status).toBe(429);
  });

  it('SR-22: have one limit together for requests at once', async () => {
    const client = freshAddress();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => ask({ replica: index % 2 === 0 ? first : second, path, client })),
    );
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(ANONYMOUS_MAX);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(50 - ANONYMOUS_MAX);
  });

  it('SR-22: count a /64 as one, however its addresses rotate', async () => {
    const network = freshNetwork();
    for (let count = 0; count < ANONYMOUS_MAX; count += 1)
      await ask({ replica: count % 2 === 0 ? first : second, path, client: `${network}:${hex()}::${hex()}` });
    expect((await ask({ replica: second, path, client: `${network}::1` })).status).toBe(429);
  });

  it('SR-23: believe nobody but the hop about an address', async () => {
    const localAddress = `127.${randomInt(1, 256)}.${randomInt(1, 256)}.${randomInt(1, 255)}`;
    for (let count = 0; count < ANONYMOUS_MAX; count += 1)
      await ask({ replica: first, path, localAddress, client: freshAddress() });
    expect((await ask({ replica: second, path, localAddress, client: freshAddress() })).status).toBe(429);
  });
});

describe('while Valkey is away', () => {
  for (const [what, take, give] of [
    ['killed', () => servers.valkeyWire.cut(), () => servers.valkeyWire.restore()],
    ['hung', () => servers.valkeyWire.pause(), () => servers.valkeyWire.resume()],
  ] as const) {
    it(`SR-22, SR-30: ${what}, sign-in answers 503, the rest counts in each replica, and it heals by itself`, async () => {
      const client = freshAddress();
      const [opened, healed] = ['rate limits go on without the shared store', 'rate limits are shared again'];
      const seen = first.child.output().length;
      await take();
      expect((await ask({ replica: first, client, ...signIn })).status).toBe(503);
      await expect.poll(() => first.child.output().slice(seen)).toContain(opened);
      for (let count = 0; count < ANONYMOUS_MAX; count += 1)
        expect((await ask({ replica: first, path, client })).status).toBe(404);
      expect((await ask({ replica: first, path, client })).status).toBe(429);
      // Each replica has a limit of its own meanwhile.
      expect((await ask({ replica: second, path, client })).status).toBe(404);
      expect(await countOf(first, 'refused')).toBeGreaterThan(0);
      expect(await countOf(first, 'local')).toBeGreaterThanOrEqual(ANONYMOUS_MAX);
      await give();
      await expect.poll(() => first.child.output().slice(seen), { timeout: 20_000 }).toContain(healed);
      expect((await ask({ replica: first, client: freshAddress(), ...signIn })).status).toBe(401);
    });
  }
});
