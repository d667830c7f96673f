import type { RateLimit } from '@redoubt/server';

import type { AppOptions } from '../app-dependencies.ts';

/** Ten tries in three minutes are enough for a person who forgot which password it was (SR-22). */
export const SIGN_IN_MAX = 10;
const SIGN_IN_WINDOW_SECONDS = 180;

/** Refreshes of one address: three hundred people behind it, each with a token for ten minutes (SR-22). */
export const REFRESH_MAX = 30;
const REFRESH_WINDOW_SECONDS = 60;

/**
 * How often one address may sign in, register, confirm or ask for a new password, all together (SR-22): who guesses
 * passwords, tokens or addresses has one budget for all of it. Nobody guesses uncounted: without the shared store these
 * routes answer 503.
 */
export function signInLimit({ rateLimits }: Pick<AppOptions, 'rateLimits'>): RateLimit {
  return {
    max: rateLimits.signInMax,
    windowSeconds: SIGN_IN_WINDOW_SECONDS,
    by: 'address',
    group: 'sign-in',
    whenStoreIsAway: 'refuse',
  };
}

/** How often one user may try to change the password: as often as an address may try to sign in with it. */
export function passwordChangeLimit(options: Pick<AppOptions, 'rateLimits'>): RateLimit {
  return { ...signInLimit(options), by: 'caller', group: 'password-change' };
}

/**
 * How often one address may refresh (SR-22). Apart from sign-in, and more: an office behind one address refreshes once in
 * ten minutes for each of its people, and must not be signed out by somebody there who guesses passwords.
 */
export function refreshLimit({ rateLimits }: Pick<AppOptions, 'rateLimits'>): RateLimit {
  return {
    max: rateLimits.refreshMax,
    windowSeconds: REFRESH_WINDOW_SECONDS,
    by: 'address',
    group: 'refresh',
    whenStoreIsAway: 'refuse',
  };
}
