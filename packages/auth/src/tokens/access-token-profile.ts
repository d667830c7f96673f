import type { Roles } from '../access/roles.ts';

/** `typ` of an access token (RFC 9068, section 2.1); it keeps ID and refresh tokens out (SR-6). */
export const ACCESS_TOKEN_TYPE = 'at+jwt';
/** How long an access token lives: 10 minutes (SR-7). */
export const ACCESS_TOKEN_TTL_SECONDS = 600;
/** The longest life that may be configured: 15 minutes (SR-7). */
export const MAX_ACCESS_TOKEN_TTL_SECONDS = 900;
/** How far two clocks may be apart: 30 s (SR-6). */
export const CLOCK_TOLERANCE_SECONDS = 30;
/** The widest tolerance that may be configured: a minute (SR-6). */
export const MAX_CLOCK_TOLERANCE_SECONDS = 60;

/** What a verifier demands of a token's claims. */
export interface AccessTokenProfile {
  /** `iss`, compared byte for byte: a trailing slash is another issuer. */
  readonly issuer: string;
  /** `aud`, compared byte for byte; a token for several audiences is refused. */
  readonly audience: string;
  /** The roles that a token may carry. */
  readonly roles: Roles;
  /** The longest life a token may claim, before tolerance. */
  readonly ttlSeconds: number;
  readonly clockToleranceSeconds: number;
}

/**
 * The profile that a verifier holds tokens to. Throws a `TypeError` for a name that matches nothing or everything, and a
 * `RangeError` for times that SR-6 and SR-7 do not allow.
 */
export function createAccessTokenProfile({
  issuer,
  audience,
  roles,
  ttlSeconds = ACCESS_TOKEN_TTL_SECONDS,
  clockToleranceSeconds = CLOCK_TOLERANCE_SECONDS,
}: Pick<AccessTokenProfile, 'issuer' | 'audience' | 'roles'> & Partial<AccessTokenProfile>): AccessTokenProfile {
  assertName('issuer', issuer);
  assertName('audience', audience);
  assertIntegerIn('ttlSeconds', ttlSeconds, 1, MAX_ACCESS_TOKEN_TTL_SECONDS);
  assertIntegerIn('clockToleranceSeconds', clockToleranceSeconds, 0, MAX_CLOCK_TOLERANCE_SECONDS);
  return { issuer, audience, roles, ttlSeconds, clockToleranceSeconds };
}

/** Refuses a name that would match nothing or everything. Throws a `TypeError`. */
export function assertName(label: string, value: string): void {
  if (typeof value !== 'string' || value.trim() !== value || value === '') {
    throw new TypeError(`${label} must be a non-empty string without spaces around it`);
  }
}

/** Refuses a number of seconds, or of entries, that is not an integer of the range. Throws a `RangeError`. */
export function assertIntegerIn(label: string, value: number, minimum: number, maximum: number): void {
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new RangeError(`${label} must be an integer from ${minimum} to ${maximum}`);
  }
}
