import { MAX_ADDRESS_FAILURES } from '@redoubt/auth';
import { limits } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

import { REFRESH_MAX, SIGN_IN_MAX } from './sign-in/sign-in-limits.ts';

/** More than one replica answers in any window. */
const MAX_RATE_LIMIT = 1_000_000;

function requestsMax(byDefault: number, description: string) {
  return Type.Integer({ minimum: 1, maximum: MAX_RATE_LIMIT, default: byDefault, description });
}

/** How much one address or one user may ask for (SR-13, SR-22). */
export const rateLimitSettings = {
  SIGN_IN_ADDRESS_FAILURES_MAX: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    default: MAX_ADDRESS_FAILURES,
    description: 'Failed sign-ins of one address (IPv6: a /64) in 15 minutes; then it waits',
  }),
  RATE_LIMIT_ANONYMOUS_MAX: requestsMax(
    limits.ANONYMOUS_MAX,
    'Requests of one address (IPv6: a /64) in 15 minutes that are not signed in',
  ),
  RATE_LIMIT_SIGNED_IN_MAX: requestsMax(limits.SIGNED_IN_MAX, 'Requests of one signed-in user in a minute'),
  RATE_LIMIT_SIGN_IN_MAX: requestsMax(
    SIGN_IN_MAX,
    'Sign-ins, registrations, confirmations and resets of one address (IPv6: a /64) in 3 minutes',
  ),
  RATE_LIMIT_REFRESH_MAX: requestsMax(REFRESH_MAX, 'Refreshes of one address (IPv6: a /64) in a minute'),
};
