import { describe, expect, it } from 'vitest';

import { principalFromClaims } from '../../src/access/principal.ts';
import { defineRoles } from '../../src/access/roles.ts';
import { InvalidAccessTokenError } from '../../src/errors.ts';
import { NOW_MS, OWN_ID } from './callers.ts';

const roles = defineRoles({ user: [], admin: ['users:read'] });
const claims = {
  iss: 'https://api.example.test',
  aud: 'https://api.example.test/api',
  sub: OWN_ID,
  iat: NOW_MS / 1000,
  exp: NOW_MS / 1000 + 600,
  jti: 'token-1',
  role: 'admin',
  auth_time: NOW_MS / 1000 - 5,
};

describe('the caller of a token', () => {
  it('has the id, the role and the times of the token, and the permissions of the table', () => {
    expect(principalFromClaims({ ...claims, sid: 'session-1' }, roles)).toStrictEqual({
      kind: 'user',
      userId: OWN_ID,
      role: 'admin',
      permissions: new Set(['users:read']),
      authenticatedAt: NOW_MS / 1000 - 5,
      tokenId: 'token-1',
      sessionId: 'session-1',
    });
  });

  it('has no session when the token has none', () => {
    expect(principalFromClaims(claims, roles)).not.toHaveProperty('sessionId');
  });

  it('SR-1: a role that the table does not have is no caller', () => {
    expect(() => principalFromClaims({ ...claims, role: 'root' }, roles)).toThrow(InvalidAccessTokenError);
  });

  it('SR-1: permissions never come from the token', () => {
    const generous = { ...claims, role: 'user', permissions: ['users:read'], scope: 'users:read' };
    expect(principalFromClaims(generous, roles).permissions.size).toBe(0);
  });
});
