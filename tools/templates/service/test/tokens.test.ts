import { randomUUID } from 'node:crypto';

import {
  createAccessTokenIssuer,
  createKeyRing,
  generateSigningKeyPem,
  importSigningKey,
  type KeyRing,
} from '@redoubt/auth';
import { createTestService } from '@redoubt/service/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { sampleService } from '../src/service.ts';
import { apiTokens } from '../src/settings.ts';
import { StandInApi } from './support/stand-in-api.ts';

const KEY_SET = '/.well-known/jwks.json';
/** For who may see what the other service calls this one: an administrator. */
const ROUTE = '/api/peers/api';

/** This service, as it takes the tokens of a stand-in that it calls. */
async function open(standIn: StandInApi, authority: 'servers' | 'strangers') {
  const { given, calls } = standIn.open(authority);
  const peerIssuer = apiTokens.from(given, calls);
  const service = await createTestService(sampleService, { adapters: { api: calls, peerIssuer } });
  return { ...service, issuer: given.API_ISSUER, audience: given.API_AUDIENCE };
}

async function createKeys(): Promise<KeyRing> {
  return createKeyRing({ keys: [await importSigningKey(await generateSigningKeyPem())] });
}

let standIn: StandInApi;
let service: Awaited<ReturnType<typeof open>>;
let keyRing: KeyRing;
beforeEach(async () => {
  [standIn, keyRing] = [await StandInApi.start(), await createKeys()];
  standIn.keySet = keyRing.publicJwks();
  service = await open(standIn, 'servers');
});
afterEach(async () => {
  await service.close();
  standIn.close();
});

/** A token as api signs it, but for what is given; and what becomes of who comes with it. */
async function callWith(changes: Partial<Parameters<typeof createAccessTokenIssuer>[0]> = {}, role = 'admin') {
  const { issuer, audience, clock, app } = service;
  const tokens = createAccessTokenIssuer({ keyRing, issuer, audience, now: clock.now, ...changes });
  const userId = randomUUID();
  const { token } = await tokens.issue({ userId, role, authenticatedAt: Math.floor(clock.now() / 1000) });
  const ask = async () => (await app.inject({ url: ROUTE, headers: { authorization: `Bearer ${token}` } })).statusCode;
  return { userId, ask, status: await ask() };
}

describe('an access token of api', () => {
  it('SR-15: lets its bearer in, in the same role and under the same id; the keys come from api, once', async () => {
    const [admin, user] = [await callWith(), await callWith({}, 'user')];
    expect([admin.status, user.status]).toEqual([200, 403]);
    const seen = service.log.lines().filter(({ route }) => route === ROUTE);
    expect(seen.map(({ userId }) => userId)).toEqual([admin.userId, user.userId]);
    expect(standIn.asked.filter((url) => url === KEY_SET)).toHaveLength(1);
  });

  it('SR-15: is refused when its issuer, its audience, its role or its signature is another one', async () => {
    const other = await createKeys();
    for (const changes of [
      { issuer: `${service.issuer}/` },
      { issuer: 'https://api.example' },
      { audience: 'another-house' },
      { keyRing: other },
    ])
      expect((await callWith(changes)).status).toBe(401);
    expect((await callWith({}, 'operator')).status).toBe(401);
    expect((await callWith()).status).toBe(200);
  });

  it('SR-6: is refused once it has expired, also when it was let in before', async () => {
    const { ask } = await callWith();
    service.clock.advance(629_000);
    expect(await ask()).toBe(200);
    service.clock.advance(1000);
    expect(await ask()).toBe(401);
  });

  it('SR-15, SR-28: lets nobody in while another authority vouches for who answers in the name of api', async () => {
    await service.close();
    service = await open(standIn, 'strangers');
    expect((await callWith()).status).toBe(503);
    expect(standIn.asked).toEqual([]);
  });
});
