import { createKeyRing, generateSigningKeyPem, importSigningKey, type TrustedIssuer } from '@redoubt/auth';
import { loadSettings, SettingsError } from '@redoubt/config';
import { createLogger } from '@redoubt/logging';
import { createLogCapture } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';

import { callsTo, defineService, defineServiceSettings, trustsTokensOf } from '../src/index.ts';
import { createTokenVerifier } from '../src/issuers/create-token-verifier.ts';
import { createTestService } from '../testing/create-test-service.ts';
import { sample } from './support/sample-service.ts';

const api = callsTo('API', { developmentUrl: 'http://127.0.0.1:3000' });
const apiTokens = trustsTokensOf('API', {
  developmentIssuer: 'http://127.0.0.1:3000',
  developmentAudience: 'sample-api',
});
const settings = defineServiceSettings({
  prefix: 'NOTES_',
  own: { ...api.settings, ...apiTokens.settings },
  rules: [...api.rules, ...apiTokens.rules],
  development: { port: 3001 },
});
const development = { NODE_ENV: 'development' };
const client = { request: () => Promise.reject(new Error('not called')), close: () => Promise.resolve() };
const calls = { origin: 'https://api.internal:3000', client };

describe('trust of the tokens of another service', () => {
  it('SR-15: names issuer and audience, and asks for keys where the peer is called, whatever its issuer is', () => {
    const given = { ...development, API_ISSUER: 'https://accounts.example', API_AUDIENCE: 'the-house' };
    expect(apiTokens.from(loadSettings(settings, given), calls)).toEqual({
      issuer: 'https://accounts.example',
      audience: 'the-house',
      keySetUrl: 'https://api.internal:3000/.well-known/jwks.json',
      client,
    });
  });

  it('is there on the machine of a developer, and without defaults where nobody gave one', () => {
    const { API_ISSUER, API_AUDIENCE } = loadSettings(settings, development);
    expect([API_ISSUER, API_AUDIENCE]).toEqual(['http://127.0.0.1:3000', 'sample-api']);
    const bare = defineServiceSettings({ prefix: 'NOTES_', own: trustsTokensOf('API').settings });
    expect(() => loadSettings(bare, development)).toThrow(/API_ISSUER[^]*API_AUDIENCE/);
  });

  it.each([
    ['no issuer', { API_AUDIENCE: 'a' }, 'API_ISSUER'],
    ['no audience', { API_ISSUER: 'https://api.example' }, 'API_AUDIENCE'],
    ['an empty audience', { API_ISSUER: 'https://api.example', API_AUDIENCE: '' }, 'API_AUDIENCE'],
    ['plain http', { API_ISSUER: 'http://api.example', API_AUDIENCE: 'a' }, 'API_ISSUER'],
    ['a path', { API_ISSUER: 'https://api.example/', API_AUDIENCE: 'a' }, 'API_ISSUER'],
    ['its own issuer', { API_ISSUER: 'https://notes.example', API_AUDIENCE: 'a' }, 'API_ISSUER'],
  ])('SR-15, SR-53: does not start in production with %s', (_what, given, name) => {
    const load = () => loadSettings(settings, { PUBLIC_URL: 'https://notes.example', ...given });
    expect(load).toThrow(SettingsError);
    expect(load).toThrow(name);
  });

  it.each(['', 'api', 'A_B', '1A'])('is in nobody with the name %j', (name) => {
    expect(() => trustsTokensOf(name)).toThrow(TypeError);
  });

  it('SR-15, SR-53: does not start when the peer is among the issuers of the file, too', () => {
    const peerIssuer = apiTokens.from(loadSettings(settings, development), calls);
    const again: TrustedIssuer = {
      issuer: peerIssuer.issuer,
      audience: peerIssuer.audience,
      algorithms: ['ES256'],
      reach: 'loopback',
      roles: { claim: ['role'], map: [] },
    };
    const logger = createLogger({ service: 'test', level: 'info', destination: createLogCapture().destination });
    const own = { issuer: 'https://notes.example', roles: sample.service.roles, peerIssuer };
    expect(() => createTokenVerifier(own, { logger, trustedIssuers: [again] })).toThrow('RD-017');
  });

  it('SR-15: is not for a service that issues tokens itself', async () => {
    const keyRing = createKeyRing({ keys: [await importSigningKey(await generateSigningKeyPem())] });
    const peer = apiTokens.from(loadSettings(settings, development), calls);
    const { database, description, roles } = sample.service;
    const definition = { database, description, roles, settings, secrets: api.secrets, modules: [] };
    const both = { peerTokens: () => peer, ownTokens: () => ({ keyRing, audience: 'a' }) };
    expect(() => defineService({ ...definition, ...both })).toThrow('takes none of a peer');
  });

  it('SR-2, SR-15: lets the peer’s people in, under their own ids, in the tests of a service as well', async () => {
    const { database, description, roles, modules, createDependencies } = sample.service;
    const definition = { database, description, roles, settings, secrets: api.secrets, modules };
    const own = createDependencies === undefined ? {} : { createDependencies: () => ({ notesMax: 1 }) };
    const peerTokens = (given: Parameters<typeof apiTokens.from>[0]) => apiTokens.from(given, calls);
    const trusting = defineService({ ...definition, ...own, peerTokens });
    const service = await createTestService(trusting);
    const user = { id: '0190a1b2-c3d4-7e5f-8a6b-0c1d2e3f4a5b', role: 'user' };
    const notesOf = async (id: string) =>
      (await service.app.inject({ url: `/api/owners/${id}/notes`, headers: await service.as(user) })).statusCode;
    expect([await notesOf(user.id), await notesOf(user.id.replace('0190', '0191'))]).toEqual([200, 404]);
    await service.close();
  });
});
