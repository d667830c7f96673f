import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { InvalidAccessTokenError } from '../../src/errors.ts';
import { deriveUserId } from '../../src/issuers/derived-id.ts';
import { parseExternalClaims } from '../../src/issuers/external-claims.ts';
import type { TrustedIssuer } from '../../src/issuers/trusted-issuer.ts';
import { AUDIENCE, NOW_SECONDS, roles } from '../tokens/forge.ts';

const ISSUER = 'https://id.example.test/';
const UUID_V8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

type Members = Readonly<Record<string, unknown>>;

const trusted: TrustedIssuer = {
  issuer: ISSUER,
  audience: AUDIENCE,
  algorithms: ['ES256'],
  roles: { claim: ['roles'], map: [{ value: 'operators', role: 'admin' }], defaultRole: 'user' },
};

function claimsOf(changes: Members = {}, settings: Partial<TrustedIssuer> = {}) {
  const claims = { iss: ISSUER, aud: AUDIENCE, sub: 'ada', iat: NOW_SECONDS, exp: NOW_SECONDS + 3600, ...changes };
  const payload = Buffer.from(JSON.stringify(claims));
  return parseExternalClaims(payload, { ...trusted, ...settings }, { roles, toleranceSeconds: 30 });
}

function refusalOf(changes: Members, settings: Partial<TrustedIssuer> = {}): string {
  try {
    claimsOf(changes, settings);
  } catch (error) {
    if (error instanceof InvalidAccessTokenError) return error.reason;
    throw error;
  }
  return 'none';
}

describe("another issuer's claims", () => {
  const broken: readonly (readonly [string, readonly unknown[]])[] = [
    ['iss', [undefined, null, 1, '', ISSUER.slice(0, -1), ISSUER.toUpperCase(), [ISSUER]]],
    ['aud', [undefined, null, 1, '', `${AUDIENCE}/`, [], [AUDIENCE, 'other'], [[AUDIENCE]], { 0: AUDIENCE }]],
    ['sub', [undefined, null, 1, '', [], {}, 'a'.repeat(256), '\uD800']],
    ['iat', [undefined, null, '1', -1, 1.5, NOW_SECONDS * 1e9, NOW_SECONDS + 3600]],
    ['exp', [undefined, null, '1', -1, 1.5, NOW_SECONDS, NOW_SECONDS + 3631]],
    ['nbf', [null, '1', -1, 1.5]],
    ['jti', [null, 1, '', 'a'.repeat(256), '\uDFFF']],
    ['sid', [null, 1, '', []]],
    ['auth_time', [null, '1', -1, 1.5]],
  ];
  for (const [name, values] of broken) {
    it(`SR-6: are refused when ${name} is missing, of another type or out of range`, () => {
      for (const value of values) expect(refusalOf({ [name]: value })).not.toBe('none');
    });
  }

  it('SR-15: name a person by issuer and subject, never by an address', () => {
    const { sub } = claimsOf({ email: 'ada@mail.example' });
    expect(sub).toMatch(UUID_V8);
    expect(claimsOf({ email: 'bob@mail.example', jti: 'another' }).sub).toBe(sub);
    expect(claimsOf({ sub: 'Ada', email: 'ada@mail.example' }).sub).not.toBe(sub);
    expect(deriveUserId('https://id.example.test', 'ada')).not.toBe(sub);
    const digest = hash('sha256', `${ISSUER}\0ada`, 'hex');
    expect(sub.replaceAll('-', '').slice(0, 12)).toBe(digest.slice(0, 12));
    expect(deriveUserId('https://a.test', '\0b')).not.toBe(deriveUserId('https://a.test\0', 'b\0'));
  });

  it('SR-7: have ids of token and session that none of the service has, whatever form theirs are of', () => {
    const own = '0190a1b2-c3d4-7e5f-8a6b-0c1d2e3f4a5b';
    const { jti, sid } = claimsOf({ jti: own, sid: own });
    expect(new Set([own, jti, sid, claimsOf({ sub: own }).sub]).size).toBe(4);
    for (const id of [jti, sid, claimsOf({ jti: 'trrtcc:/../..' }).jti, claimsOf().jti]) expect(id).toMatch(UUID_V8);
    expect(claimsOf({ jti: own }).jti).toBe(jti);
    expect(claimsOf({ sub: 'bob' }).jti).not.toBe(claimsOf().jti);
  });

  it('SR-54: do not count as a recent sign-in unless they say when it was', () => {
    expect(claimsOf().auth_time).toBe(0);
    expect(claimsOf({ auth_time: NOW_SECONDS }).auth_time).toBe(NOW_SECONDS);
  });

  it('SR-15: may name the audience in a list, with others that were expected', () => {
    const otherAudiences = ['https://id.example.test/userinfo'];
    expect(claimsOf({ aud: [AUDIENCE] }).aud).toBe(AUDIENCE);
    expect(claimsOf({ aud: [AUDIENCE, ...otherAudiences] }, { otherAudiences }).aud).toBe(AUDIENCE);
    expect(refusalOf({ aud: otherAudiences }, { otherAudiences })).toBe('audience');
    expect(refusalOf({ aud: [AUDIENCE, 'other'] }, { otherAudiences })).toBe('audience');
  });

  it('SR-15: may name the client in place of an audience where the issuer has none', () => {
    const cognito = { audienceClaim: 'client_id', marker: { claim: 'token_use', value: 'access' } } as const;
    const access = { aud: undefined, client_id: AUDIENCE, token_use: 'access' };
    expect(claimsOf(access, cognito).aud).toBe(AUDIENCE);
    expect(refusalOf({ ...access, client_id: [AUDIENCE] }, cognito)).toBe('audience');
    expect(refusalOf({ aud: AUDIENCE, token_use: 'access' }, cognito)).toBe('audience');
    expect(refusalOf({ ...access, token_use: 'id' }, cognito)).toBe('not-an-access-token');
    expect(refusalOf({ ...access, token_use: ['access'] }, cognito)).toBe('not-an-access-token');
  });

  it('SR-15: give the role of the first line that fits, wherever the claim stands', () => {
    const map = [
      { value: 'operators', role: 'admin' },
      { value: 'staff', role: 'user' },
    ];
    const roleOf = (changes: Members, claim: readonly string[], defaultRole = {}) => {
      const settings = { roles: { claim, map, ...defaultRole } };
      const refusal = refusalOf(changes, settings);
      return refusal === 'none' ? claimsOf(changes, settings).role : refusal;
    };
    expect(roleOf({ roles: ['staff', 'operators'] }, ['roles'])).toBe('admin');
    expect(roleOf({ roles: 'staff' }, ['roles'])).toBe('user');
    expect(roleOf({ realm_access: { roles: ['staff'] } }, ['realm_access', 'roles'])).toBe('user');
    expect(roleOf({ 'https://id.example/roles': ['operators'] }, ['https://id.example/roles'])).toBe('admin');
    expect(roleOf({ scope: 'openid operators' }, ['scope'])).toBe('admin');
    expect(roleOf({ roles: 'staff operators' }, ['roles'])).toBe('role');
    for (const value of [
      undefined,
      null,
      1,
      [],
      {},
      ['Operators'],
      [['operators']],
      { operators: true },
      'constructor',
    ])
      expect(roleOf({ roles: value }, ['roles'])).toBe('role');
    expect(roleOf({ roles: [] }, ['roles', 'constructor', 'name'])).toBe('role');
    expect(roleOf({ roles: [] }, ['roles'], { defaultRole: 'user' })).toBe('user');
    expect(roleOf({ roles: [], role: 'admin' }, ['roles'], { defaultRole: 'nobody' })).toBe('role');
  });
});
