import { limits } from '@redoubt/server';
import { type TInteger, Type } from '@sinclair/typebox';

/** More than one replica answers in any window. */
const MAX_RATE_LIMIT = 1_000_000;

/** A setting that is the most requests of one window. */
export function requestsMaxSetting(byDefault: number, description: string): TInteger {
  return Type.Integer({ minimum: 1, maximum: MAX_RATE_LIMIT, default: byDefault, description });
}

/** How much one address or one user may ask for (SR-22). */
export const rateLimitSettings = {
  RATE_LIMIT_ANONYMOUS_MAX: requestsMaxSetting(
    limits.ANONYMOUS_MAX,
    'Requests of one address (IPv6: a /64) in 15 minutes that are not signed in',
  ),
  RATE_LIMIT_SIGNED_IN_MAX: requestsMaxSetting(limits.SIGNED_IN_MAX, 'Requests of one signed-in user in a minute'),
};
