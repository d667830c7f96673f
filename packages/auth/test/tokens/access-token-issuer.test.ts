import { Buffer } from 'node:buffer';

import { beforeAll, describe, expect, it } from 'vitest';

import { createAccessTokenIssuer } from '../../src/tokens/access-token-issuer.ts';
import { createKeyRing } from '../../src/tokens/key-ring.ts';
import { AUDIENCE, createBench, createForge, type Forge, ISSUER, NOW_SECONDS, USER_ID } from './forge.ts';

let forge: Forge;
let other: Forge;
beforeAll(async () => {
  [forge, other] = await Promise.all([createForge(), createForge()]);
});

const subject = { userId: USER_ID, role: 'admin', sessionId: 'session-1', authenticatedAt: NOW_SECONDS - 60 };
const decode = (text: string | undefined): unknown => JSON.parse(Buffer.from(text ?? '', 'base64url').toString());

function createIssuer(options: { ttlSeconds?: number } = {}) {
  const keyRing = createKeyRing({ keys: [forge.key] });
  const now = () => NOW_SECONDS * 1000 + 999;
  const issuer = createAccessTokenIssuer({
    keyRing,
    issuer: ISSUER,
    audience: AUDIENCE,
    now,
    createId: () => 'token-1',
    ...options,
  });
  return { keyRing, issuer };
}

describe('the access token issuer', () => {
  it('SR-6, SR-7: writes the form of RFC 9068, for ten minutes', async () => {
    const { token, expiresInSeconds } = await createIssuer().issuer.issue(subject);
    const [header, payload] = token.split('.');
    expect(expiresInSeconds).toBe(600);
    expect(decode(header)).toStrictEqual({ alg: 'ES256', kid: forge.key.kid, typ: 'at+jwt' });
    expect(decode(payload)).toStrictEqual({
      iss: ISSUER,
      aud: AUDIENCE,
      sub: USER_ID,
      iat: NOW_SECONDS,
      exp: NOW_SECONDS + 600,
      jti: 'token-1',
      sid: 'session-1',
      role: 'admin',
      auth_time: NOW_SECONDS - 60,
    });
  });

  it('writes what the verifier accepts, with a session or without', async () => {
    const { issuer } = createIssuer();
    const { verifier } = createBench([forge.key]);
    const { sessionId: _sessionId, ...withoutSession } = subject;
    for (const whom of [subject, withoutSession]) {
      const { token } = await issuer.issue(whom);
      await expect(verifier.verify(token)).resolves.toHaveProperty('sub', USER_ID);
    }
  });

  it('SR-52: signs with the active key, from the moment it is active', async () => {
    const { keyRing, issuer } = createIssuer();
    keyRing.replace([forge.key, { ...other.key, state: 'published' }]);
    const before = await issuer.issue(subject);
    keyRing.replace([{ ...forge.key, state: 'retired' }, other.key]);
    const after = await issuer.issue(subject);
    const kids = [before, after].map(({ token }) => decode(token.split('.')[0]));
    expect(kids).toMatchObject([{ kid: forge.key.kid }, { kid: other.key.kid }]);
  });

  it('gives each token an id of its own', async () => {
    const keyRing = createKeyRing({ keys: [forge.key] });
    const issuer = createAccessTokenIssuer({ keyRing, issuer: ISSUER, audience: AUDIENCE });
    const [first, second] = await Promise.all([issuer.issue(subject), issuer.issue(subject)]);
    expect(decode(first.token.split('.')[1])).not.toHaveProperty(
      'jti',
      (decode(second.token.split('.')[1]) as { jti: string }).jti,
    );
  });

  it.each([
    { userId: 'root' },
    { userId: USER_ID.toUpperCase() },
    { role: '' },
    { sessionId: 'a b' },
    { authenticatedAt: 1.5 },
    { authenticatedAt: Number.NaN },
    { authenticatedAt: -1 },
  ])('refuses to sign for %j', async (change) => {
    await expect(createIssuer().issuer.issue({ ...subject, ...change })).rejects.toThrow(TypeError);
  });

  it.each([0, 901, 1.5, Number.NaN])('SR-7: refuses a life of %d s', (ttlSeconds) => {
    expect(() => createIssuer({ ttlSeconds })).toThrow(RangeError);
  });
});
