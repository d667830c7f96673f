import type { Access } from '@redoubt/auth';

import type { NotLimited, RateLimit } from './route-declaration.ts';

/** What is wrong with a limit, and the line that mends it. */
export interface RateLimitFault {
  readonly rule: string;
  readonly fix: string;
}

/** More than one process answers in a window of a day. */
const MAX_REQUESTS = 1_000_000;

/** A day: counters are short-lived, and a client is not told to wait longer. */
const MAX_WINDOW_SECONDS = 86_400;

/** A word that can stand in a key, a metric and a log line. */
const GROUP = /^[a-z][a-z0-9-]{0,31}$/;

/** Names of the server's own limits. */
const RESERVED_GROUPS: ReadonlySet<string> = new Set(['anonymous', 'signed-in', 'services']);

const EXAMPLE = "rateLimit: { max: 10, windowSeconds: 60, by: 'address', whenStoreIsAway: 'local' }";

/** Whether a route says that it needs no limit. */
export function isNotLimited(declared: RateLimit | NotLimited): declared is NotLimited {
  return 'notLimited' in declared;
}

/** Finds what a route's limit leaves open (SR-22). What is absent has the server's limits, and no fault. */
export function findRateLimitFaults(access: Access, declared: RateLimit | NotLimited | undefined): RateLimitFault[] {
  if (declared === undefined) return [];
  if (typeof declared !== 'object' || declared === null)
    return [{ rule: 'declares a limit that is none', fix: EXAMPLE }];
  return isNotLimited(declared) ? reasonFaults(declared) : limitFaults(access, declared);
}

function reasonFaults({ notLimited }: NotLimited): RateLimitFault[] {
  if (typeof notLimited === 'string' && notLimited.trim() !== '') return [];
  return [{ rule: 'has no limit and no reason for it', fix: "rateLimit: notLimited('why nobody can abuse it')" }];
}

function limitFaults(access: Access, { max, windowSeconds, by, group, whenStoreIsAway }: RateLimit): RateLimitFault[] {
  const faults: RateLimitFault[] = [];
  if (!isWholeUpTo(max, MAX_REQUESTS))
    faults.push({ rule: 'has a limit without a number', fix: `max: a whole number from 1 to ${MAX_REQUESTS}` });
  if (!isWholeUpTo(windowSeconds, MAX_WINDOW_SECONDS))
    faults.push({
      rule: 'has a limit without a window',
      fix: `windowSeconds: a whole number from 1 to ${MAX_WINDOW_SECONDS}`,
    });
  if (by !== 'address' && by !== 'caller')
    faults.push({ rule: 'does not say whom its limit counts', fix: "by: 'address' or 'caller'" });
  if (by === 'caller' && access === 'public')
    faults.push({ rule: 'counts callers that it does not know', fix: "by: 'address'" });
  if (group !== undefined && (!GROUP.test(group) || RESERVED_GROUPS.has(group)))
    faults.push({
      rule: 'counts in a group that cannot be one',
      fix: "group: a word in lower case, such as 'sign-in'",
    });
  if (whenStoreIsAway !== 'local' && whenStoreIsAway !== 'refuse')
    faults.push({
      rule: 'does not say what holds while the shared store is away',
      fix: "whenStoreIsAway: 'local', or 'refuse' where a guess must not go uncounted",
    });
  return faults;
}

function isWholeUpTo(value: number, maximum: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= maximum;
}
