import { randomUUID } from 'node:crypto';

import { SignJWT } from 'jose';

import { isNumericDate, isTokenOrSessionId, isUserId } from './access-token-claims.ts';
import {
  ACCESS_TOKEN_TTL_SECONDS,
  ACCESS_TOKEN_TYPE,
  assertIntegerIn,
  assertName,
  MAX_ACCESS_TOKEN_TTL_SECONDS,
} from './access-token-profile.ts';
import type { KeyRing } from './key-ring.ts';

/** How access tokens are made. */
export interface AccessTokenIssuerOptions {
  readonly keyRing: KeyRing;
  /** `iss`; verifiers compare it byte for byte. */
  readonly issuer: string;
  /** `aud`; verifiers compare it byte for byte. */
  readonly audience: string;
  /** How long a token lives. Default: {@link ACCESS_TOKEN_TTL_SECONDS}. */
  readonly ttlSeconds?: number;
  /** Milliseconds since 1970. Default: the system clock. */
  readonly now?: () => number;
  /** Makes a token's id. Default: a random UUID. */
  readonly createId?: () => string;
}

/** For whom a token speaks. */
export interface AccessTokenSubject {
  /** A UUID in lower case. */
  readonly userId: string;
  /** The user's role; verifiers refuse one that they do not know. */
  readonly role: string;
  /** The session that the token belongs to, so that ending the session can end the token. */
  readonly sessionId?: string;
  /** When the user last proved who they are; seconds since 1970 (SR-54). */
  readonly authenticatedAt: number;
  /** The end of the session, seconds since 1970: the token does not outlive it (SR-9). */
  readonly sessionEndsAt?: number;
}

/** A signed access token. */
export interface IssuedAccessToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** Signs access tokens. */
export interface AccessTokenIssuer {
  /** Signs a token with the active key. Rejects with a `TypeError` for a subject that no verifier would accept. */
  issue(subject: AccessTokenSubject): Promise<IssuedAccessToken>;
}

/**
 * Makes an issuer of access tokens in the form of RFC 9068, without its `client_id`: this service has no OAuth clients.
 * Throws a `TypeError` or `RangeError` for names and times that cannot be right.
 */
export function createAccessTokenIssuer({
  keyRing,
  issuer,
  audience,
  ttlSeconds = ACCESS_TOKEN_TTL_SECONDS,
  now = Date.now,
  createId = randomUUID,
}: AccessTokenIssuerOptions): AccessTokenIssuer {
  assertName('issuer', issuer);
  assertName('audience', audience);
  assertIntegerIn('ttlSeconds', ttlSeconds, 1, MAX_ACCESS_TOKEN_TTL_SECONDS);
  return {
    async issue(subject) {
      assertSubject(subject);
      const { kid, algorithm, privateKey } = keyRing.signingKey();
      const iat = Math.floor(now() / 1000);
      const exp = Math.min(iat + ttlSeconds, subject.sessionEndsAt ?? Infinity);
      const times = { iat, exp, auth_time: subject.authenticatedAt };
      const session = subject.sessionId === undefined ? {} : { sid: subject.sessionId };
      const identity = { iss: issuer, aud: audience, sub: subject.userId, jti: createId(), role: subject.role };
      const token = await new SignJWT({ ...identity, ...times, ...session })
        .setProtectedHeader({ alg: algorithm, kid, typ: ACCESS_TOKEN_TYPE })
        .sign(privateKey);
      return { token, expiresInSeconds: exp - iat };
    },
  };
}

function assertSubject({ userId, role, sessionId, authenticatedAt, sessionEndsAt }: AccessTokenSubject): void {
  if (!isUserId(userId)) throw new TypeError('userId must be a UUID in lower case');
  assertName('role', role);
  if (sessionId !== undefined && !isTokenOrSessionId(sessionId))
    throw new TypeError('sessionId must be 1 to 64 of A-Za-z0-9_-');
  if (!isNumericDate(authenticatedAt)) throw new TypeError('authenticatedAt must be whole seconds since 1970');
  if (sessionEndsAt !== undefined && !isNumericDate(sessionEndsAt))
    throw new TypeError('sessionEndsAt must be whole seconds since 1970');
}
