import { Buffer } from 'node:buffer';
import { createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { ServerResponse } from 'node:http';

import type { TrustedIssuer } from '@redoubt/auth';
import { createManualClock, type ManualClock } from '@redoubt/testing';
import type { LightMyRequestResponse as InjectResponse } from 'fastify';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { openEmbeddedDatabase } from './support/embedded-database.ts';
import { createProviderKey, OpenidProvider, PROVIDER_AUDIENCE, type ProviderKey } from './support/openid-provider.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

/** A time limit that a test can wait for, and that a slow machine keeps. */
const SHORT_TIMEOUT_MS = 1000;
const COOLDOWN_MS = 30_000;
const FRESH_MS = 600_000;
const STALE_MS = 24 * 60 * 60 * 1000;

/** One database for all tests: none of them stores what another would see. */
const database = await openEmbeddedDatabase();

let clock: ManualClock;
let provider: OpenidProvider;
let service: TestApp;

/** Providers on this machine: the clock of the test is theirs, too. */
beforeEach(async () => {
  clock = createManualClock();
  vi.useFakeTimers({ toFake: ['Date'], now: clock.now() });
  // The provider warns of what a test is: keys in the open and state in memory.
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  provider = await OpenidProvider.start();
  service = await createService([trust(provider)]);
});
afterEach(async () => {
  await service.close();
  await provider.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});
afterAll(() => database.close());

function createService(trustedIssuers: readonly TrustedIssuer[], issuerFetching = {}): Promise<TestApp> {
  return createTestApp({ database, now: clock.now, trustedIssuers, issuerFetching }, { localPasswords: 'off' });
}

function trust({ issuer }: OpenidProvider, changes: Partial<TrustedIssuer> = {}): TrustedIssuer {
  return {
    issuer,
    audience: PROVIDER_AUDIENCE,
    algorithms: ['ES256'],
    reach: 'loopback',
    roles: {
      claim: ['roles'],
      map: [
        { value: 'operators', role: 'admin' },
        { value: 'staff', role: 'user' },
      ],
    },
    ...changes,
  };
}

function advance(milliseconds: number): void {
  clock.advance(milliseconds);
  vi.setSystemTime(clock.now());
}

/** A route for everybody who is signed in, whoever proved it. */
function call(token: string, url = '/api/users', app = service): Promise<InjectResponse> {
  return app.app.inject({ url, headers: { authorization: `Bearer ${token}` } });
}

async function statusOf(token: string): Promise<number> {
  return (await call(token)).statusCode;
}

/** Whom the service takes the bearer for, from the line that it logs. */
async function userIdOf(token: string, app = service): Promise<unknown> {
  await call(token, '/api/users', app);
  return app.log.lines().findLast(({ route }) => route === '/api/users')?.['userId'];
}

function encode(members: object): string {
  return Buffer.from(JSON.stringify(members)).toString('base64url');
}

function decode(token: string, segment: 0 | 1): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[segment] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

/** Signs with a key of the provider what it would never write. */
function forge(key: ProviderKey, original: string, header: object, claims: object): string {
  const input = `${encode({ ...decode(original, 0), ...header })}.${encode({ ...decode(original, 1), ...claims })}`;
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

describe('an access token of a trusted issuer', () => {
  it('SR-15: lets its bearer in, in the role that the map gives', async () => {
    expect(await statusOf(await provider.accessToken({ roles: ['operators', 'staff'] }))).toBe(200);
    expect(await statusOf(await provider.accessToken({ roles: ['staff'] }))).toBe(403);
    expect(provider.keySetRequests).toBe(1);
  });

  it('SR-15: is refused without a role that the map knows, unless there is a default one', async () => {
    const token = await provider.accessToken({ roles: ['visitors'] });
    expect(await statusOf(token)).toBe(401);
    const { roles } = trust(provider);
    const lenient = await createService([trust(provider, { roles: { ...roles, defaultRole: 'user' } })]);
    expect((await call(token, '/api/users', lenient)).statusCode).toBe(403);
    await lenient.close();
  });

  it('SR-15: names another person than the same sub of another issuer', async () => {
    const other = await OpenidProvider.start();
    const both = await createService([trust(provider), trust(other)]);
    const [one, two] = [await provider.accessToken(), await other.accessToken()];
    expect(decode(one, 1)['sub']).toBe(decode(two, 1)['sub']);
    const ids = [await userIdOf(one, both), await userIdOf(two, both)];
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await userIdOf(await provider.accessToken(), both)).toBe(ids[0]);
    await both.close();
    await other.stop();
  });

  it('SR-15: is refused when it is for another audience', async () => {
    expect(await statusOf(await provider.accessToken({ audience: `${PROVIDER_AUDIENCE}/` }))).toBe(401);
    expect(await statusOf(await provider.accessToken({ audience: 'https://other.example' }))).toBe(401);
  });

  it('SR-15: is refused when its issuer is not the trusted one to the letter, or nobody trusts it', async () => {
    const stranger = await OpenidProvider.start();
    expect(await statusOf(await stranger.accessToken())).toBe(401);
    expect(stranger.keySetRequests).toBe(0);
    await stranger.stop();
    const key = createProviderKey();
    provider.useKeys([key]);
    const token = await provider.accessToken();
    expect(await statusOf(forge(key, token, {}, {}))).toBe(403);
    for (const iss of [
      `${provider.issuer}/`,
      provider.issuer.toUpperCase(),
      `${provider.issuer}#`,
      '',
      null,
      [provider.issuer],
    ])
      expect(await statusOf(forge(key, token, {}, { iss }))).toBe(401);
  });

  it('SR-15: does not speak for an account of the service, nor the service for the issuer', async () => {
    const key = createProviderKey();
    provider.useKeys([key]);
    const token = await provider.accessToken({ roles: ['operators'] });
    const admin = await service.createUser('admin');
    const own = (await service.as(admin))['authorization']?.slice('Bearer '.length) ?? '';
    expect(await statusOf(own)).toBe(200);
    expect(await userIdOf(forge(key, token, {}, { sub: admin.id }))).not.toBe(admin.id);
    expect(await statusOf(forge(key, token, {}, { iss: decode(own, 1)['iss'], aud: decode(own, 1)['aud'] }))).toBe(401);
    expect(await statusOf(forge(key, own, { kid: key.kid }, {}))).toBe(401);
  });

  it('SR-6: is not an ID token of the same issuer', async () => {
    const roles = { roles: ['operators'], aud: PROVIDER_AUDIENCE };
    const idToken = await provider.idToken(roles);
    expect(decode(idToken, 1)).toMatchObject({ iss: provider.issuer });
    expect(await statusOf(idToken)).toBe(401);
  });

  it('SR-6: is not an ID token where the issuer calls both JWT', async () => {
    const key = createProviderKey();
    provider.useKeys([key]);
    const marked = await createService([trust(provider, { tokenType: 'JWT', marker: { claim: 'scope' } })]);
    const token = await provider.accessToken();
    const asJwt = forge(key, token, { typ: 'JWT' }, {});
    expect((await call(asJwt, '/api/users', marked)).statusCode).toBe(403);
    for (const [header, claims] of [
      [{ typ: 'JWT' }, { scope: undefined }],
      [{ typ: 'JWT' }, { scope: '' }],
      [{ typ: 'JWT' }, { at_hash: 'AAAA' }],
      [{ typ: 'at+jwt' }, {}],
      [{ typ: undefined }, {}],
    ] as const)
      expect((await call(forge(key, token, header, claims), '/api/users', marked)).statusCode).toBe(401);
    await marked.close();
  });

  it('SR-3: is refused with HS256 over the public key, with none, and with an algorithm that the issuer may not use', async () => {
    const key = createProviderKey();
    const rsa = createProviderKey('RS256');
    provider.useKeys([key]);
    const token = await provider.accessToken({ roles: ['operators'] });
    const publicKey = createPublicKey({ key, format: 'jwk' });
    const secrets = [
      publicKey.export({ type: 'spki', format: 'pem' }),
      publicKey.export({ type: 'spki', format: 'der' }),
      JSON.stringify(publicKey.export({ format: 'jwk' })),
    ];
    for (const secret of secrets) {
      const input = `${encode({ ...decode(token, 0), alg: 'HS256' })}.${token.split('.')[1]}`;
      expect(await statusOf(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`)).toBe(401);
    }
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      const input = `${encode({ ...decode(token, 0), alg })}.${token.split('.')[1]}`;
      for (const signature of ['', 'AA', token.split('.')[2]])
        expect(await statusOf(`${input}.${signature}`)).toBe(401);
    }
    provider.useKeys([rsa, key]);
    expect(await statusOf(await provider.accessToken({ roles: ['operators'] }))).toBe(401);
    const rs256 = await createService([trust(provider, { algorithms: ['RS256'] })]);
    const answer = await call(await provider.accessToken({ roles: ['operators'] }), '/api/users', rs256);
    expect(answer.statusCode).toBe(200);
    expect(rs256.log.text()).toContain('RS256');
    await rs256.close();
  });

  it('SR-4: brings no key along', async () => {
    const key = createProviderKey();
    provider.useKeys([key]);
    const token = await provider.accessToken({ roles: ['operators'] });
    const { d: _, ...jwk } = key;
    for (const header of [
      { jwk },
      { jku: `${provider.issuer}/jwks` },
      { x5u: provider.issuer },
      { x5c: [] },
      { crit: [] },
    ])
      expect(await statusOf(forge(key, token, header, {}))).toBe(401);
    for (const kid of ['../key', 'https://x.example', '', null])
      expect(await statusOf(forge(key, token, { kid }, {}))).toBe(401);
    expect(provider.keySetRequests).toBe(0);
  });

  it('SR-6: is refused once it has expired, also when it was let in before', async () => {
    const token = await provider.accessToken();
    expect(await statusOf(token)).toBe(403);
    advance(3_600_000 + COOLDOWN_MS - 1000);
    expect(await statusOf(token)).toBe(403);
    advance(1000);
    expect(await statusOf(token)).toBe(401);
  });
});

describe('the keys of a trusted issuer', () => {
  it('SR-15: are asked for once, and again when the issuer has a new one', async () => {
    const [first, second] = [createProviderKey(), createProviderKey()];
    provider.useKeys([first]);
    const old = await provider.accessToken();
    expect(await Promise.all(Array.from({ length: 20 }, () => statusOf(old)))).toEqual(Array(20).fill(403));
    expect(provider.keySetRequests).toBe(1);
    provider.useKeys([second, first]);
    advance(COOLDOWN_MS);
    const fresh = await provider.accessToken();
    expect(await Promise.all(Array.from({ length: 20 }, () => statusOf(fresh)))).toEqual(Array(20).fill(403));
    expect(provider.keySetRequests).toBe(2);
    expect(await statusOf(old)).toBe(403);
  });

  it('SR-15: stop verifying when the issuer withdraws them, also what was let in before', async () => {
    const [first, second] = [createProviderKey(), createProviderKey()];
    provider.useKeys([first]);
    const token = await provider.accessToken();
    expect(await statusOf(token)).toBe(403);
    provider.useKeys([second]);
    advance(FRESH_MS - 1);
    expect(await statusOf(token)).toBe(403);
    advance(1);
    expect(await statusOf(token)).toBe(401);
  });

  it('SR-15: stop verifying what was let in before, when another token showed that they are withdrawn', async () => {
    const [first, second] = [createProviderKey(), createProviderKey()];
    provider.useKeys([first]);
    const token = await provider.accessToken();
    expect(await statusOf(token)).toBe(403);
    provider.useKeys([second]);
    advance(COOLDOWN_MS);
    expect(await statusOf(await provider.accessToken())).toBe(403);
    expect(await statusOf(token)).toBe(401);
  });

  it('SR-15: are not asked for more than once in 30 s by 1,000 tokens with unknown key ids', async () => {
    const key = createProviderKey();
    provider.useKeys([key]);
    const token = await provider.accessToken();
    expect(await statusOf(token)).toBe(403);
    const strangers = Array.from({ length: 1000 }, (_, index) => forge(key, token, { kid: `unknown-${index}` }, {}));
    for (const stranger of strangers.slice(0, 500)) expect(await statusOf(stranger)).toBe(401);
    expect(provider.keySetRequests).toBe(1);
    advance(COOLDOWN_MS);
    // As many at once as the service takes (SR-40).
    for (let next = 500; next < strangers.length; next += 100) {
      const statuses = await Promise.all(strangers.slice(next, next + 100).map(statusOf));
      expect(new Set(statuses)).toEqual(new Set([401]));
    }
    expect(provider.keySetRequests).toBe(2);
    expect(await statusOf(token)).toBe(403);
  });

  it('SR-15: are missing when the issuer was never reached: 503 with Retry-After, and it is asked again later', async () => {
    const token = await provider.accessToken();
    await provider.stop();
    const answer = await call(token);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('30');
    await provider.startAgain();
    expect(await statusOf(token)).toBe(503);
    advance(COOLDOWN_MS);
    expect(await statusOf(token)).toBe(403);
  });

  it('SR-15: serve through an outage for a day, to known and new tokens, and not longer', async () => {
    const key = createProviderKey();
    provider.useKeys([key]);
    const token = await provider.accessToken();
    expect(await statusOf(token)).toBe(403);
    await provider.stop();
    const issueAt = (): string => {
      const iat = Math.floor(clock.now() / 1000);
      return forge(key, token, {}, { iat, exp: iat + 3600 });
    };
    advance(FRESH_MS);
    expect(await statusOf(token)).toBe(403);
    advance(STALE_MS - FRESH_MS - 1);
    const latest = issueAt();
    expect(await statusOf(latest)).toBe(403);
    expect(await statusOf(forge(key, latest, { kid: 'unknown' }, {}))).toBe(401);
    advance(1);
    expect(await statusOf(latest)).toBe(503);
    expect(service.log.text()).toContain('the keys of an issuer are not to be had');
    await provider.startAgain();
    advance(COOLDOWN_MS);
    expect(await statusOf(latest)).toBe(403);
  });

  const hostile: Record<string, (response: ServerResponse) => void> = {
    'hangs before it answers': () => undefined,
    'hangs in the middle of its answer': (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"keys":[');
    },
    'sends 64 KiB and a byte': (response) => response.end(`{"keys":[]${' '.repeat(64 * 1024 - 10)}}`),
    'sends without an end': (response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(' '.repeat(16_384)));
      };
      response.on('drain', more);
      more();
    },
    redirects: (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
    'answers 500': (response) => response.writeHead(500).end('{"keys":[]}'),
    'answers HTML': (response) => response.end('<html></html>'),
    'names a member twice': (response) => response.end('{"keys":[],"keys":[]}'),
    'answers no key set': (response) => response.end('{"keys":{}}'),
    compresses: (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('{"keys":[]}'),
    'breaks off': (response) => response.destroy(),
  };
  for (const [what, answer] of Object.entries(hostile)) {
    it(`SR-15, SR-29: are not taken from an issuer that ${what}`, async () => {
      const trusted = trust(provider, { jwksUrl: `${provider.issuer}/jwks` });
      const direct = await createService([trusted], { timeoutMs: SHORT_TIMEOUT_MS });
      const token = await provider.accessToken();
      const elsewhere: string[] = [];
      provider.instead = (request, response) => {
        if (request.url !== '/jwks') elsewhere.push(request.url ?? '');
        answer(response);
      };
      const refused = await call(token, '/api/users', direct);
      expect(refused.statusCode).toBe(503);
      expect(refused.headers['retry-after']).toBe('30');
      expect(elsewhere).toEqual([]);
      provider.instead = undefined;
      advance(COOLDOWN_MS);
      expect((await call(token, '/api/users', direct)).statusCode).toBe(403);
      await direct.close();
    });
  }

  it('SR-15: are not looked for where a discovery document of another issuer says', async () => {
    const token = await provider.accessToken();
    for (const document of [
      { issuer: `${provider.issuer}/`, jwks_uri: `${provider.issuer}/jwks` },
      { jwks_uri: `${provider.issuer}/jwks` },
      { issuer: provider.issuer, jwks_uri: 'http://169.254.169.254/latest/meta-data' },
      { issuer: provider.issuer, jwks_uri: 'file:///etc/passwd' },
      { issuer: provider.issuer },
    ]) {
      provider.instead = (_request, response) => response.end(JSON.stringify(document));
      expect(await statusOf(token)).toBe(503);
      advance(COOLDOWN_MS);
    }
    expect(provider.keySetRequests).toBe(0);
  });
});

describe('a service without passwords of its own', () => {
  it('SR-15: has no routes for them', async () => {
    for (const url of ['/api/auth/register', '/api/auth/login'])
      expect((await service.post(url, { email: 'a@mail.example', password: 'x'.repeat(20) })).statusCode).toBe(404);
    expect(service.app.routeContracts.map(({ url }) => url)).not.toContain('/api/auth/login');
  });
});
