const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** How long a session lives without use, and in any case; milliseconds (SR-9). */
export interface SessionLimits {
  readonly idleMs: number;
  readonly absoluteMs: number;
}

/**
 * The profiles of NIST SP 800-63B-4: `standard` keeps the 30 days of its section 2.1.3 (AAL1) and ends after a week
 * without use, which is this project's choice; `aal2` keeps the 24 hours and the one hour of section 2.2.3.
 */
export const SESSION_PROFILES = {
  standard: { idleMs: 7 * DAY_MS, absoluteMs: 30 * DAY_MS },
  aal2: { idleMs: HOUR_MS, absoluteMs: DAY_MS },
} as const satisfies Record<string, SessionLimits>;

/** The name of a profile. */
export type SessionProfile = keyof typeof SESSION_PROFILES;

/** Sessions that one user may have at once; one more ends the oldest (SR-55). */
export const MAX_SESSIONS_PER_USER = 10;

/** When an unused session ends: sliding never passes the absolute end (SR-9). Milliseconds since 1970. */
export function idleEnd(profile: SessionProfile, nowMs: number, expiresAtMs: number): number {
  return Math.min(nowMs + SESSION_PROFILES[profile].idleMs, expiresAtMs);
}
