import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { defineRoles, recentSignIn, signedIn } from '@redoubt/auth';
import { type LoadedSettings, loadSettings } from '@redoubt/config';
import { Secret } from '@redoubt/secrets';
import { callerOf, type Server } from '@redoubt/server';
import {
  callsTo,
  defineDatabase,
  defineService,
  defineServiceSettings,
  type OpenContext,
  type PeerCalls,
  type ServiceDependencies,
  trustsTokensOf,
} from '@redoubt/service';
import { BILLING, createTestService, peers } from '@redoubt/service/testing';
import { createLiveSecret, createManualClock, createTestAuthority, loopbackServer } from '@redoubt/testing';
import { Type } from '@sinclair/typebox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { database as apiDatabase } from '../src/database-schema.ts';
import { openEmbeddedDatabase } from './support/embedded-database.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

const PASSWORD = 'a long road of seven stones';
const calls = callsTo('API', { developmentUrl: 'http://127.0.0.1:3000' });
const tokens = trustsTokensOf('API', {
  developmentIssuer: 'http://127.0.0.1:3000',
  developmentAudience: apiDatabase.service,
});
const settings = defineServiceSettings({
  prefix: 'DESK_',
  own: { ...calls.settings, ...tokens.settings },
  rules: [...calls.rules, ...tokens.rules],
  development: { port: 3001 },
});
const migrations = join(import.meta.dirname, '../../../packages/service/migrations');
const Person = Type.Object({ id: Type.String({ maxLength: 36 }) }, { additionalProperties: false });

/** Says to people who they are. */
const people = {
  name: 'people',
  addRoutes(app: Server, { now }: ServiceDependencies): void {
    const schema = { response: { 200: Person } };
    app.get('/api/me', { access: signedIn(), schema }, (request) => ({ id: callerOf(request).userId }));
    app.get('/api/recent', { access: recentSignIn({ now }), schema }, (request) => ({ id: callerOf(request).userId }));
  },
};

/** Another service of the house, without accounts. */
const desk = defineService({
  database: defineDatabase({ service: 'test-desk', migrations }),
  description: 'A desk.',
  settings,
  roles: defineRoles({ user: [] }),
  secrets: calls.secrets,
  open: ({ settings: given, secrets }: OpenContext<LoadedSettings<typeof settings>>): Promise<{ api: PeerCalls }> =>
    Promise.resolve({ api: calls.open(given, secrets) }),
  peerTokens: (given, { api }) => tokens.from(given, api),
  modules: [people],
});

// Opening one takes longer than most tests.
const database = await openEmbeddedDatabase();
// TLS looks at the dates of certificates by the clock of the machine.
const startMs = Date.now();
const authority = createTestAuthority(startMs);
const identity = authority.issue({ names: [{ kind: 'uri', value: BILLING }] });
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'peer-tokens-'));
  await writeFile(join(directory, 'ca.pem'), authority.certificate);
  await writeFile(join(directory, 'own.pem'), identity.certificate);
});
afterAll(async () => {
  await database.close();
  await rm(directory, { recursive: true });
});

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of opened.splice(0).toReversed()) await close();
});

/** api, listening as it does in the stack or on a developer's machine, and the desk, which calls it there. */
async function open(where: 'stack' | 'development') {
  const { certificate, key } = authority.issue(loopbackServer);
  const material = { certificate, key: Secret.of(key), clientAuthority: authority.certificate };
  const clock = createManualClock(startMs);
  const api = await createTestApp({ database, now: clock.now }, where === 'stack' ? { peers, tls: material } : {});
  opened.push(api);
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.app.server.address() as AddressInfo;
  const proof = {
    API_CA_FILE: join(directory, 'ca.pem'),
    API_CERTIFICATE_FILE: join(directory, 'own.pem'),
    API_KEY: 'env://NOT_READ_HERE',
  };
  const given = loadSettings(settings, {
    NODE_ENV: 'development',
    API_URL: `${where === 'stack' ? 'https' : 'http'}://127.0.0.1:${port}`,
    ...(where === 'stack' ? proof : {}),
  });
  const client = calls.open(given, { API_KEY: createLiveSecret(Secret.of(identity.key)) });
  opened.push(client);
  const peerIssuer = tokens.from(given, client);
  const service = await createTestService(desk, { adapters: { api: client, peerIssuer, now: clock.now } });
  opened.push(service);
  const ask = (url: string, headers: Record<string, string>) => service.app.inject({ url, headers });
  return { api, clock, ask };
}

/** Somebody with a session at api. */
async function begin({ createUser, openSession }: TestApp, role: 'user' | 'admin' = 'user') {
  const user = await createUser(role);
  return { id: user.id, headers: (await openSession(user)).headers };
}

/** Somebody who has signed in, as a person does. */
async function signIn({ createUser, post }: TestApp) {
  const { id, email } = await createUser('user', PASSWORD);
  const answer = await post('/api/auth/login', { email, password: PASSWORD });
  const { accessToken } = answer.json<{ accessToken: string }>();
  return { id, headers: { authorization: `Bearer ${accessToken}` } };
}

describe('who has signed in at api', () => {
  for (const where of ['stack', 'development'] as const) {
    it(`SR-15, SR-28: is the same person at another service, as it calls api: ${where}`, async () => {
      const { api, ask } = await open(where);
      // In the stack, requests of people come through the edge, which is not here.
      const { id, headers } = await (where === 'stack' ? begin(api) : signIn(api));
      const answer = await ask('/api/me', headers);
      expect([answer.statusCode, answer.json()]).toEqual([200, { id }]);
    });
  }

  it('SR-54: has signed in there as recently as here', async () => {
    const { api, clock, ask } = await open('development');
    const { headers } = await signIn(api);
    const both = async () => [
      (await ask('/api/me', headers)).statusCode,
      (await ask('/api/recent', headers)).statusCode,
    ];
    expect(await both()).toEqual([200, 200]);
    clock.advance(601_000);
    expect(await both()).toEqual([200, 401]);
  });

  it('SR-15: is nobody in a role that the other service does not have', async () => {
    const { api, ask } = await open('development');
    const { headers } = await begin(api, 'admin');
    expect((await ask('/api/me', headers)).statusCode).toBe(401);
  });

  it('SR-7: and has signed out, is out at api at once, and elsewhere when the token expires', async () => {
    const { api, clock, ask } = await open('development');
    const { headers } = await begin(api);
    const there = async () => (await ask('/api/me', headers)).statusCode;
    expect(await there()).toBe(200);
    const here = () => api.app.inject({ method: 'POST', url: '/api/auth/logout', headers });
    expect([(await here()).statusCode, (await here()).statusCode]).toEqual([204, 401]);
    expect(await there()).toBe(200);
    clock.advance(630_000);
    expect(await there()).toBe(401);
  });
});
