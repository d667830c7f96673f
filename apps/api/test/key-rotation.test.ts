import {
  createKeyRotation,
  generateSigningKeyPem,
  importSigningKeySchedule,
  type KeyRotation,
  type ScheduledKey,
  SigningKeyScheduleError,
} from '@redoubt/auth';
import { createLogger } from '@redoubt/logging';
import { Secret } from '@redoubt/secrets';
import { createLiveSecret, createLogCapture, createManualClock, type ManualClock } from '@redoubt/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { openEmbeddedDatabase } from './support/embedded-database.ts';
import { followSigningKeys } from '../src/signing-keys/follow-signing-keys.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

const MINUTE_MS = 60_000;
/** Ten minutes of life, and half a minute of tolerance for each of two clocks. */
const LAST_TOKEN_MS = 11 * MINUTE_MS;
const REQUESTS_AT_ONCE = 10;

const database = await openEmbeddedDatabase();

let clock: ManualClock;
let firstPem: Secret;
let secondPem: Secret;
let rotation: KeyRotation;
let service: TestApp;
let headers: (() => Promise<Record<string, string>>) | undefined;

beforeEach(async () => {
  clock = createManualClock();
  [firstPem, secondPem] = await Promise.all([generateSigningKeyPem(), generateSigningKeyPem()]);
  rotation = createKeyRotation({ keys: await importSigningKeySchedule(firstPem), now: clock.now });
  service = await createTestApp({ database, now: clock.now, keyRing: rotation.keyRing });
  const user = await service.createUser('user');
  const authenticatedAt = Math.floor(clock.now() / 1000);
  headers = async () => {
    const { token } = await service.dependencies.accessTokens.issue({ userId: user.id, role: 'user', authenticatedAt });
    return { authorization: `Bearer ${token}` };
  };
});
afterEach(() => service.close());
afterAll(() => database.close());

function instant(afterMs: number): string {
  return new Date(clock.now() + afterMs).toISOString().replace('.000Z', 'Z');
}

/** The first key, and the second since `afterMs` from now. */
function followedAfter(afterMs: number): Secret {
  return Secret.of(`${firstPem.expose()}\nSigns-From: ${instant(afterMs)}\n${secondPem.expose()}`);
}

async function follow(afterMs: number): Promise<readonly ScheduledKey[]> {
  const keys = await importSigningKeySchedule(followedAfter(afterMs));
  rotation.load(keys);
  return keys;
}

async function signIn(): Promise<Record<string, string>> {
  return (await headers?.()) ?? {};
}

function kidOf({ authorization = '' }: Record<string, string>): string {
  const [header = ''] = authorization.slice('Bearer '.length).split('.');
  return (JSON.parse(atob(header)) as { kid: string }).kid;
}

async function statusOf(caller: Record<string, string>): Promise<number> {
  return (await service.app.inject({ url: '/api/users/me', headers: caller })).statusCode;
}

async function publishedKeys(): Promise<string[]> {
  const response = await service.app.inject({ url: '/.well-known/jwks.json' });
  expect(response.headers['cache-control']).toBe('public, max-age=600');
  return response.json<{ keys: { kid: string }[] }>().keys.map(({ kid }) => kid);
}

describe('signing keys that follow each other', () => {
  it('SR-52: refuse nobody, while requests with old and new tokens go on', async () => {
    const live: { caller: Record<string, string>; untilMs: number }[] = [];
    const signers = new Set<string>();
    let requests = 0;
    const [, second] = await follow(10 * MINUTE_MS);
    for (let minute = 0; minute <= 40; minute += 1) {
      const caller = await signIn();
      signers.add(kidOf(caller));
      live.push({ caller, untilMs: clock.now() + 10 * MINUTE_MS });
      const callers = live.filter(({ untilMs }) => untilMs > clock.now()).map((one) => one.caller);
      const batch = Array.from({ length: REQUESTS_AT_ONCE }, (_, index) => callers[index % callers.length] ?? {});
      const statuses = [...(await Promise.all(batch.map(statusOf))), await statusOf(caller)];
      expect(statuses.filter((status) => status !== 200)).toEqual([]);
      requests += statuses.length;
      clock.advance(MINUTE_MS);
    }
    expect(requests).toBeGreaterThan(400);
    expect(signers.size).toBe(2);
    expect(await publishedKeys()).toEqual([second?.key.kid]);
  });

  it('SR-52: are published before they sign, and until their last token has expired', async () => {
    const [first] = await importSigningKeySchedule(firstPem);
    const [, second] = await follow(10 * MINUTE_MS);
    const both = [first?.key.kid, second?.key.kid];
    expect(await publishedKeys()).toEqual(both);
    clock.advance(10 * MINUTE_MS - 1);
    expect(kidOf(await signIn())).toBe(first?.key.kid);
    clock.advance(1);
    expect(kidOf(await signIn())).toBe(second?.key.kid);
    clock.advance(LAST_TOKEN_MS - 1);
    expect(await publishedKeys()).toEqual(both);
    clock.advance(1);
    expect(await publishedKeys()).toEqual([second?.key.kid]);
  });

  it('SR-52: refuse the tokens of a key that is taken away, remembered ones too', async () => {
    const caller = await signIn();
    await follow(10 * MINUTE_MS);
    clock.advance(10 * MINUTE_MS);
    const late = await signIn();
    const [, second] = await importSigningKeySchedule(followedAfter(0));
    expect(await statusOf(caller)).toBe(200);
    expect(await statusOf(late)).toBe(200);
    if (second !== undefined) rotation.load([second]);
    expect(await statusOf(caller)).toBe(401);
    expect(await statusOf(late)).toBe(200);
  });

  it('SR-52: are refused, and change nothing, when a key would sign before it was published for ten minutes', async () => {
    for (const afterMs of [-MINUTE_MS, 0, 10 * MINUTE_MS - 1000])
      await expect(follow(afterMs)).rejects.toThrow(SigningKeyScheduleError);
    expect(await publishedKeys()).toHaveLength(1);
    expect(await statusOf(await signIn())).toBe(200);
    // Once published, a key may sign at any later instant that gives it its ten minutes.
    await follow(60 * MINUTE_MS);
    clock.advance(9 * MINUTE_MS);
    await follow(MINUTE_MS);
    await expect(follow(MINUTE_MS - 1000)).rejects.toThrow(SigningKeyScheduleError);
  });
});

describe('signing keys that follow their secret', () => {
  it('SR-52: are what the secret holds, and the log says which one signs', async () => {
    const log = createLogCapture();
    const logger = createLogger({ service: 'test', level: 'info', destination: log.destination });
    const signingKey = createLiveSecret(firstPem);
    followSigningKeys({ rotation, logger, signingKey });
    signingKey.change(followedAfter(10 * MINUTE_MS));
    await vi.waitUntil(() => log.lines().length === 1);
    expect(await publishedKeys()).toHaveLength(2);
    expect(log.lines()[0]).toMatchObject({ level: 'info', keys: 2, signing: kidOf(await signIn()).slice(0, 8) });
  });

  it('SR-52: stay, and nothing of the secret is shown, when it cannot be used', async () => {
    const log = createLogCapture();
    const logger = createLogger({ service: 'test', level: 'info', destination: log.destination });
    const keys = await publishedKeys();
    const signingKey = createLiveSecret(firstPem);
    followSigningKeys({ rotation, logger, signingKey });
    const unusable = [
      Secret.of('c4n4ry'),
      Secret.of(firstPem.expose().replaceAll(/[A-Za-z0-9]{20}/g, 'c4n4ry')),
      followedAfter(0),
      Secret.of(`Signs-From: ${instant(MINUTE_MS)}\n${firstPem.expose()}`),
    ];
    for (const [index, secret] of unusable.entries()) {
      signingKey.change(secret);
      await vi.waitUntil(() => log.lines().length === index + 1);
    }
    expect(log.lines()).toHaveLength(4);
    expect(log.text()).not.toMatch(/c4n4ry|PRIVATE/);
    expect(await publishedKeys()).toEqual(keys);
    expect(await statusOf(await signIn())).toBe(200);
  });
});
