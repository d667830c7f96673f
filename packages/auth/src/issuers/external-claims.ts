import type { Roles } from '../access/roles.ts';
import { type AccessTokenClaims, assertLifetime, isNumericDate } from '../tokens/access-token-claims.ts';
import { type Claims, isExactly, optional, refuse, required } from '../tokens/claim-reading.ts';
import { parseJsonObject } from '../tokens/json-object.ts';
import { deriveTokenOrSessionId, deriveUserId } from './derived-id.ts';
import { mapRole } from './map-role.ts';
import { EXTERNAL_TOKEN_TTL_SECONDS, type TokenMarker, type TrustedIssuer } from './trusted-issuer.ts';

/** OpenID Connect Core 1.0, section 2: no longer than 255 characters. */
const MAX_SUBJECT_CHARACTERS = 255;

/** Claims that bind an ID token to what came with it (OpenID Connect Core 1.0, section 3.3.2.11). */
const ID_TOKEN_CLAIMS = ['at_hash', 'c_hash', 's_hash'];

/** A caller who never said when they signed in has not signed in recently (SR-54). */
const NEVER = 0;

/**
 * Reads the payload of another issuer's token, whose signature is known to be good, and checks every claim but the time
 * (SR-6, SR-15). What comes back is in the terms of this service: its role, and ids that are derived (`derived-id.ts`).
 *
 * @throws {InvalidAccessTokenError}
 */
export function parseExternalClaims(
  payload: Uint8Array,
  trusted: TrustedIssuer,
  { roles, toleranceSeconds }: { readonly roles: Roles; readonly toleranceSeconds: number },
): AccessTokenClaims {
  const read = parseJsonObject(payload) ?? refuse('payload');
  const iss = required(read, 'iss', isExactly(trusted.issuer), 'issuer');
  const subject = required(read, 'sub', isText, 'subject');
  const sid = optional(read, 'sid', isText, 'session-id');
  const nbf = optional(read, 'nbf', isNumericDate, 'not-before');
  const claims: AccessTokenClaims = Object.freeze({
    iss,
    aud: readAudience(read, trusted),
    sub: deriveUserId(iss, subject),
    iat: required(read, 'iat', isNumericDate, 'issued-at'),
    exp: required(read, 'exp', isNumericDate, 'expires-at'),
    jti: readTokenId(read, iss, payload),
    role: mapRole(read, trusted.roles, roles) ?? refuse('role'),
    auth_time: optional(read, 'auth_time', isNumericDate, 'auth-time') ?? NEVER,
    ...(sid === undefined ? {} : { sid: deriveTokenOrSessionId('sid', iss, sid) }),
    ...(nbf === undefined ? {} : { nbf }),
  });
  assertAccessToken(read, trusted.marker);
  assertLifetime(claims, trusted.maxLifetimeSeconds ?? EXTERNAL_TOKEN_TTL_SECONDS, toleranceSeconds);
  return claims;
}

/** The audience must be there, and whatever is named beside it must have been expected. */
function readAudience(read: Claims, { audience, audienceClaim = 'aud', otherAudiences = [] }: TrustedIssuer): string {
  if (audienceClaim === 'client_id') return required(read, audienceClaim, isExactly(audience), 'audience');
  const value = read.get(audienceClaim);
  const named: readonly unknown[] = Array.isArray(value) ? value : [value];
  const expected: ReadonlySet<unknown> = new Set([audience, ...otherAudiences]);
  return named.includes(audience) && named.every((name) => expected.has(name)) ? audience : refuse('audience');
}

/** A token without an id of its own is named by what it says: signatures can be rewritten, payloads cannot. */
function readTokenId(read: Claims, iss: string, payload: Uint8Array): string {
  const jti = optional(read, 'jti', isText, 'token-id');
  if (jti !== undefined) return deriveTokenOrSessionId('jti', iss, jti);
  return deriveTokenOrSessionId('payload', iss, new TextDecoder().decode(payload));
}

/** An ID token is for a client, and says who signed in; it lets nobody in (SR-6). */
function assertAccessToken(read: Claims, marker: TokenMarker | undefined): void {
  if (ID_TOKEN_CLAIMS.some((claim) => read.has(claim))) refuse('not-an-access-token');
  if (marker === undefined) return;
  const value = read.get(marker.claim);
  const isMarked = marker.value === undefined ? isMeaningful(value) : value === marker.value;
  if (!isMarked) refuse('not-an-access-token');
}

function isMeaningful(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : typeof value === 'string' && value !== '';
}

/** Half a surrogate pair has no bytes of its own: two different texts would be hashed as one. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_SUBJECT_CHARACTERS && value.isWellFormed();
}
