import type { X509Certificate } from 'node:crypto';

import type { Reason } from './change.ts';
import { DAY_MS } from './days.ts';

/** How long a kind of certificate lives, and with how many days left it is made anew. */
export interface LifeSpan {
  readonly days: number;
  readonly renewalDays: number;
}

/** Why a certificate's dates ask for another one; `undefined` when they do not. */
export function judgeValidity(
  { validFromDate, validToDate }: X509Certificate,
  { days, renewalDays }: LifeSpan,
  nowMs: number,
): Reason | undefined {
  if (validFromDate.getTime() > nowMs) return 'it was not valid yet';
  if (validToDate.getTime() - validFromDate.getTime() > days * DAY_MS) return 'it would live too long';
  if (validToDate.getTime() - nowMs < renewalDays * DAY_MS) return `fewer than ${renewalDays} days were left`;
  return undefined;
}
