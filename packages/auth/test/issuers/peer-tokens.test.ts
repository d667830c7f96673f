import { Buffer } from 'node:buffer';
import { createHmac, randomUUID } from 'node:crypto';

import { type OutboundClient, OutboundError, type ResolveHost } from '@redoubt/outbound';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { principalFromClaims } from '../../src/access/principal.ts';
import { type IssuerDocumentError, IssuerUnavailableError } from '../../src/errors.ts';
import { createMultiIssuerVerifier } from '../../src/issuers/multi-issuer-verifier.ts';
import { createPeerTokenProver } from '../../src/issuers/peer-token-prover.ts';
import type { AccessTokenVerifier } from '../../src/tokens/access-token-verifier.ts';
import { createKeyRing } from '../../src/tokens/key-ring.ts';
import {
  attempt,
  AUDIENCE,
  createForge,
  type Forge,
  ISSUER,
  NOW_SECONDS,
  refusalOf,
  roles,
  segment,
} from '../tokens/forge.ts';

const OWN_ISSUER = 'https://desk.example.test';
const KEY_SET_URL = 'https://api.internal:3000/.well-known/jwks.json';
const [COOLDOWN_SECONDS, FRESH_SECONDS, STALE_SECONDS] = [30, 600, 86_400];

type Answer = Awaited<ReturnType<OutboundClient['request']>>;

/** Stands in for the peer's own client: answers, and counts what it is asked for. */
class PeerClient implements OutboundClient {
  asked: string[] = [];
  limits: unknown[] = [];
  answer: () => Answer | Promise<Answer> = () => ({ status: 500, headers: new Map(), body: Buffer.alloc(0) });

  publish(...keys: readonly object[]): void {
    this.respond(200, JSON.stringify({ keys }));
  }

  respond(status: number, text: string): void {
    this.answer = () => ({ status, headers: new Map(), body: Buffer.from(text) });
  }

  async request({ url, maxResponseBytes }: Parameters<OutboundClient['request']>[0]): Promise<Answer> {
    this.asked.push(String(url));
    this.limits.push(maxResponseBytes);
    return this.answer();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

let forge: Forge;
let stranger: Forge;
let client: PeerClient;
let faults: string[];
let seconds: number;
let verifier: AccessTokenVerifier;

beforeAll(async () => {
  [forge, stranger] = [await createForge(), await createForge()];
});
beforeEach(() => {
  client = new PeerClient();
  client.publish(forge.key.publicJwk);
  faults = [];
  seconds = NOW_SECONDS;
  verifier = createVerifier();
});

function createVerifier(changes: Partial<Parameters<typeof createMultiIssuerVerifier>[0]> = {}): AccessTokenVerifier {
  return createMultiIssuerVerifier({
    issuer: OWN_ISSUER,
    roles,
    now: () => seconds * 1000,
    peerIssuer: { issuer: ISSUER, audience: AUDIENCE, keySetUrl: KEY_SET_URL, client },
    trustedIssuers: [],
    onIssuerFault: (issuer: string, { reason }: IssuerDocumentError) => faults.push(`${issuer} ${reason}`),
    ...changes,
  });
}

function tokenWith(
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): string {
  return forge.sign(forge.header(header), forge.claims(claims));
}

describe('an access token of a peer', () => {
  it('SR-15, SR-54: keeps the ids of person, session and token, the role, and when the person signed in', async () => {
    const claims = forge.claims({ role: 'admin', auth_time: NOW_SECONDS - 100 });
    const proven = await verifier.verify(forge.sign(forge.header(), claims));
    expect(proven).toEqual(claims);
    expect(principalFromClaims(proven, roles)).toMatchObject({
      userId: claims['sub'],
      sessionId: claims['sid'],
      tokenId: claims['jti'],
      authenticatedAt: NOW_SECONDS - 100,
    });
  });

  // Each value beside what is expected; `undefined` removes the claim.
  const attacks: readonly (readonly [string, readonly unknown[], string])[] = [
    [
      'iss',
      [undefined, null, '', `${ISSUER}/`, ISSUER.toUpperCase(), [ISSUER], OWN_ISSUER, 'https://other.test'],
      'issuer',
    ],
    ['aud', [undefined, null, '', [AUDIENCE], [AUDIENCE, 'other'], `${AUDIENCE}/`, OWN_ISSUER, 'other'], 'audience'],
    ['sub', [undefined, null, '', 'ada', 'ADA', '../users', ['0190a1b2-c3d4-7e5f-8a6b-0c1d2e3f4a5b']], 'subject'],
    ['role', [undefined, null, '', 'root', 'Admin', ['admin'], 'constructor'], 'role'],
    ['auth_time', [undefined, null, '1', -1, NOW_SECONDS + 31], 'auth-time'],
    ['exp', [undefined, null, '1'], 'expires-at'],
    ['exp', [NOW_SECONDS + 631, NOW_SECONDS], 'lifetime'],
    ['nbf', [NOW_SECONDS + 31], 'not-yet-valid'],
    ['jti', [undefined, null, 'a b'], 'token-id'],
    ['sid', [null, 'a b', 1], 'session-id'],
  ];
  for (const [name, values, reason] of attacks) {
    it(`SR-6, SR-15: is refused when its ${name} is another one (${reason})`, async () => {
      expect(await attempt(verifier, tokenWith())).not.toBeInstanceOf(Error);
      for (const value of values)
        expect([value, await refusalOf(verifier, tokenWith({ [name]: value }))]).toEqual([value, reason]);
    });
  }

  it('SR-6: is refused when it has expired, also when it was let in before', async () => {
    const token = tokenWith();
    await verifier.verify(token);
    seconds += 629;
    expect(await attempt(verifier, token)).not.toBeInstanceOf(Error);
    seconds += 1;
    expect(await refusalOf(verifier, token)).toBe('expired');
  });

  it('SR-6: is not a token of another type', async () => {
    for (const typ of [undefined, 'JWT', 'at+JWT', 'id+jwt', null])
      expect([typ, await refusalOf(verifier, tokenWith({}, { typ }))]).toEqual([typ, 'type']);
    expect(client.asked).toEqual([]);
  });

  it('SR-3: is refused with another algorithm, with none, and with HS256 over the public key, and asks for no keys', async () => {
    for (const alg of ['none', 'None', 'ES384', 'RS256', 'PS256', 'EdDSA', 'es256', undefined, null, ['ES256']])
      expect([alg, await refusalOf(verifier, tokenWith({}, { alg }))]).toEqual([alg, 'algorithm']);
    const input = `${segment(forge.header({ alg: 'HS256' }))}.${segment(forge.claims())}`;
    for (const secret of [
      forge.publicKey.export({ type: 'spki', format: 'pem' }),
      forge.publicKey.export({ type: 'spki', format: 'der' }),
    ]) {
      const mac = createHmac('sha256', secret).update(input).digest('base64url');
      expect(await refusalOf(verifier, `${input}.${mac}`)).toBe('algorithm');
    }
    expect(client.asked).toEqual([]);
  });

  it('SR-15: is refused when somebody else signed it, whatever key it names', async () => {
    expect(await refusalOf(verifier, stranger.sign(forge.header(), forge.claims()))).toBe('signature');
    expect(await refusalOf(verifier, stranger.sign(stranger.header(), forge.claims()))).toBe('unknown-key');
    const [head = '', , mac = ''] = tokenWith().split('.');
    expect(await refusalOf(verifier, `${head}.${segment(forge.claims({ role: 'admin' }))}.${mac}`)).toBe('signature');
  });

  it('SR-4: brings no key along, and leads nowhere', async () => {
    for (const member of [
      { jwk: stranger.key.publicJwk },
      { jku: 'https://evil.test/keys' },
      { x5u: 'https://evil.test' },
    ])
      expect(await refusalOf(verifier, tokenWith({}, member))).toBe('header');
    await refusalOf(verifier, tokenWith({ iss: 'https://evil.test' }));
    expect(client.asked).toEqual([]);
  });

  it('SR-15: has to name its issuer to the prover of that issuer, too, however it came there', async () => {
    const keys = { version: 0, find: () => Promise.resolve({ ...forge.key, fingerprint: '' }), areCurrent: () => true };
    const peer = { issuer: ISSUER, audience: AUDIENCE };
    const prover = createPeerTokenProver({ peer, keys, roles, now: () => seconds * 1000 });
    await expect(prover.prove(tokenWith())).resolves.toMatchObject({ iss: ISSUER });
    await expect(prover.prove(tokenWith({ iss: OWN_ISSUER }))).rejects.toMatchObject({ reason: 'issuer' });
  });

  it('SR-15: is not one of this service, which issues none, nor of a peer that nobody trusts', async () => {
    expect(await refusalOf(verifier, tokenWith({ iss: OWN_ISSUER }))).toBe('issuer');
    const onIssuerFault = () => undefined;
    const alone = createMultiIssuerVerifier({ issuer: OWN_ISSUER, roles, trustedIssuers: [], onIssuerFault });
    expect(await refusalOf(alone, tokenWith())).toBe('issuer');
  });
});

describe('the keys of a peer', () => {
  it('SR-15, SR-29: are asked for once, at its own client, with 64 KiB at most', async () => {
    const tokens = Array.from({ length: 20 }, () => tokenWith());
    await Promise.all(tokens.map(async (token) => verifier.verify(token)));
    expect(client.asked).toEqual([KEY_SET_URL]);
    expect(client.limits).toEqual([64 * 1024]);
  });

  it('SR-15: are not asked for more than once in 30 s, whatever key ids come', async () => {
    await verifier.verify(tokenWith());
    const unknown = () => tokenWith({}, { kid: randomUUID() });
    for (let count = 0; count < 50; count += 1) expect(await refusalOf(verifier, unknown())).toBe('unknown-key');
    expect(client.asked).toHaveLength(1);
    seconds += COOLDOWN_SECONDS;
    for (let count = 0; count < 50; count += 1) expect(await refusalOf(verifier, unknown())).toBe('unknown-key');
    expect(client.asked).toHaveLength(2);
  });

  it('SR-15, SR-52: follow each other, and one that is withdrawn verifies nothing more after ten minutes', async () => {
    const token = tokenWith();
    await verifier.verify(token);
    client.publish(stranger.key.publicJwk);
    seconds += FRESH_SECONDS - 1;
    expect(await attempt(verifier, token)).not.toBeInstanceOf(Error);
    seconds += 1;
    expect(await refusalOf(verifier, token)).toBe('unknown-key');
    const times = { iat: seconds, exp: seconds + 600, auth_time: seconds };
    await expect(verifier.verify(stranger.sign(stranger.header(), forge.claims(times)))).resolves.toMatchObject(times);
  });

  it('SR-15: are missing when the peer was never reached, so that nobody is let in, and are asked for again later', async () => {
    client.answer = () => {
      throw new OutboundError('connection');
    };
    expect(await attempt(verifier, tokenWith())).toBeInstanceOf(IssuerUnavailableError);
    client.publish(forge.key.publicJwk);
    expect(await attempt(verifier, tokenWith())).toMatchObject({ retryAfterSeconds: COOLDOWN_SECONDS });
    expect(faults).toEqual([`${ISSUER} connection`]);
    seconds += COOLDOWN_SECONDS;
    expect(await attempt(verifier, tokenWith())).not.toBeInstanceOf(Error);
  });

  it('SR-15: serve through an outage for a day, and not longer', async () => {
    await verifier.verify(tokenWith());
    client.respond(503, '');
    const later = () => tokenWith({ iat: seconds, exp: seconds + 600, auth_time: seconds });
    seconds += STALE_SECONDS - 1;
    expect(await attempt(verifier, later())).not.toBeInstanceOf(Error);
    seconds += 1;
    expect(await attempt(verifier, later())).toBeInstanceOf(IssuerUnavailableError);
  });

  const hostile: Readonly<Record<string, readonly [number, string]>> = {
    'another status': [201, '{"keys":[]}'],
    HTML: [200, '<html></html>'],
    'a member twice': [200, '{"keys":[],"keys":[]}'],
    'no key set': [200, '{"keys":{}}'],
  };
  for (const [what, [status, text]] of Object.entries(hostile)) {
    it(`SR-15: are not taken from an answer with ${what}`, async () => {
      client.respond(status, text);
      expect(await attempt(verifier, tokenWith())).toBeInstanceOf(IssuerUnavailableError);
    });
  }

  it('SR-3, SR-15: are of P-256 for ES256, and public', async () => {
    const { publicJwk } = forge.key;
    for (const changed of [{ alg: 'RS256' }, { use: 'enc' }, { d: 'AAAA' }, { kty: 'oct' }, { crv: 'P-384' }]) {
      const fresh = createVerifier();
      client.publish({ ...publicJwk, ...changed });
      expect([changed, await refusalOf(fresh, tokenWith())]).toEqual([changed, 'unknown-key']);
    }
  });
});

describe('a peer whose tokens are taken', () => {
  const peer = { issuer: ISSUER, audience: AUDIENCE, keySetUrl: KEY_SET_URL, client: new PeerClient() };

  it('SR-15: is the only one that names people: not beside own tokens, not this service, and named once', () => {
    const keyRing = createKeyRing({ keys: [forge.key] });
    expect(() => createVerifier({ keyRing, audience: AUDIENCE })).toThrow('takes none of a peer');
    expect(() => createVerifier({ peerIssuer: { ...peer, issuer: OWN_ISSUER } })).toThrow('is not this service');
    const trusted = {
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ['ES256'],
      roles: { claim: ['r'], map: [] },
    } as const;
    expect(() => createVerifier({ trustedIssuers: [trusted] })).toThrow('/0/issuer');
  });

  it('SR-15: has an issuer and an audience, which match something', () => {
    for (const changed of [{ issuer: '' }, { audience: '' }, { audience: ' ' }])
      expect(() => createVerifier({ peerIssuer: { ...peer, ...changed } })).toThrow(TypeError);
  });

  it('SR-15: stands beside other issuers, whose people have other ids', async () => {
    const other = 'https://id.example.test';
    const trusted = {
      issuer: other,
      audience: AUDIENCE,
      algorithms: ['ES256'],
      roles: { claim: ['r'], map: [] },
    } as const;
    // Nobody answers, so that the other issuer has no keys here.
    const resolveHost = (() => undefined) as unknown as ResolveHost;
    const both = createVerifier({
      trustedIssuers: [trusted],
      fetching: { resolveHost, timeoutMs: 1 },
    });
    expect(await attempt(both, tokenWith())).not.toBeInstanceOf(Error);
    expect(await attempt(both, tokenWith({ iss: other }))).toBeInstanceOf(IssuerUnavailableError);
  });
});
