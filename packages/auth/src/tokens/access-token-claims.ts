import type { AccessTokenProfile } from './access-token-profile.ts';
import { isExactly, optional, refuse, required } from './claim-reading.ts';
import { parseJsonObject } from './json-object.ts';

/** The claims of an access token, by their registered names (RFC 7519, RFC 9068); times in seconds since 1970. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly aud: string;
  /** The user's id, a UUID; for another issuer's token one that is derived from its `iss` and `sub` (SR-15). */
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly nbf?: number;
  /** The token's own id: what a revocation of one token names. */
  readonly jti: string;
  /** The session that the token belongs to: what a revocation of a session names. */
  readonly sid?: string;
  /** One of the configured roles. */
  readonly role: string;
  /** When the user last proved who they are (SR-54). */
  readonly auth_time: number;
}

/** RFC 9562, in the lower case that this service writes; a user's id is never a number (SR-57). */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Ids of tokens and sessions become keys of a store, so their alphabet is closed. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Answers whether a text is a user's id as tokens carry it. */
export function isUserId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** Answers whether a text is an id of a token or a session. */
export function isTokenOrSessionId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

/** Answers whether a value is a point in time as tokens carry it: whole seconds since 1970. */
export function isNumericDate(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/**
 * Reads the payload of a token whose signature is known to be good, and checks every claim but the time (SR-6).
 * Claims that the service does not know are dropped.
 *
 * @throws {InvalidAccessTokenError}
 */
export function parseAccessTokenClaims(payload: Uint8Array, profile: AccessTokenProfile): AccessTokenClaims {
  const read = parseJsonObject(payload) ?? refuse('payload');
  const sid = optional(read, 'sid', isTokenOrSessionId, 'session-id');
  const nbf = optional(read, 'nbf', isNumericDate, 'not-before');
  const claims: AccessTokenClaims = Object.freeze({
    iss: required(read, 'iss', isExactly(profile.issuer), 'issuer'),
    aud: required(read, 'aud', isExactly(profile.audience), 'audience'),
    sub: required(read, 'sub', isUserId, 'subject'),
    iat: required(read, 'iat', isNumericDate, 'issued-at'),
    exp: required(read, 'exp', isNumericDate, 'expires-at'),
    jti: required(read, 'jti', isTokenOrSessionId, 'token-id'),
    role: required(read, 'role', isRoleOf(profile), 'role'),
    auth_time: required(read, 'auth_time', isNumericDate, 'auth-time'),
    ...(sid === undefined ? {} : { sid }),
    ...(nbf === undefined ? {} : { nbf }),
  });
  assertLifetime(claims, profile.ttlSeconds, profile.clockToleranceSeconds);
  return claims;
}

/**
 * Checks a token's claims against the clock. A cached token passes here on every request, so that the cache answers
 * as a full verification would.
 *
 * @throws {InvalidAccessTokenError}
 */
export function assertTimely(claims: AccessTokenClaims, nowSeconds: number, toleranceSeconds: number): void {
  const latest = nowSeconds + toleranceSeconds;
  if (claims.exp <= nowSeconds - toleranceSeconds) refuse('expired');
  if (claims.iat > latest || (claims.nbf !== undefined && claims.nbf > latest)) refuse('not-yet-valid');
  if (claims.auth_time > latest) refuse('auth-time');
}

/**
 * A token may live for the configured time and no longer, whoever signed it (SR-7).
 *
 * @throws {InvalidAccessTokenError}
 */
export function assertLifetime({ iat, exp }: AccessTokenClaims, ttlSeconds: number, toleranceSeconds: number): void {
  const seconds = exp - iat;
  if (seconds <= 0 || seconds > ttlSeconds + toleranceSeconds) refuse('lifetime');
}

function isRoleOf({ roles }: AccessTokenProfile) {
  return (value: unknown): value is string => typeof value === 'string' && roles.has(value);
}
