import {
  ANONYMOUS_MAX,
  ANONYMOUS_WINDOW_SECONDS,
  SERVICE_MAX,
  SIGNED_IN_MAX,
  SIGNED_IN_WINDOW_SECONDS,
} from '../limits.ts';
import type { RateLimit } from '../route/route-declaration.ts';

/** One limit as it is enforced: whose requests count together, and how many of them a window takes. */
export interface RateLimitPolicy {
  /** Tells its counters from others': a group, or the route itself. */
  readonly name: string;
  readonly max: number;
  readonly windowMs: number;
  readonly whenStoreIsAway: 'local' | 'refuse';
}

/** The numbers of a server's own limits; each absent one has its constant in `limits.ts`. */
export interface DefaultRateLimits {
  /** Requests of an address without a proven caller, in 15 minutes. */
  readonly anonymousMax?: number;
  /** Requests of a user, in a minute. */
  readonly signedInMax?: number;
  /** Requests of another service, in a minute. */
  readonly serviceMax?: number;
}

/** The limits that hold where a route declares none. */
export interface DefaultPolicies {
  readonly anonymous: RateLimitPolicy;
  readonly signedIn: RateLimitPolicy;
  readonly services: RateLimitPolicy;
}

/**
 * Makes the server's own limits. They go on in each process while the store is away: an outage of it must not be one of
 * the service.
 *
 * @throws {RangeError} for a number that limits nothing.
 */
export function createDefaultPolicies(limits: DefaultRateLimits): DefaultPolicies {
  const { anonymousMax = ANONYMOUS_MAX, signedInMax = SIGNED_IN_MAX, serviceMax = SERVICE_MAX } = limits;
  const whenStoreIsAway = 'local';
  const minuteMs = SIGNED_IN_WINDOW_SECONDS * 1000;
  for (const max of [anonymousMax, signedInMax, serviceMax])
    if (!Number.isInteger(max) || max < 1) throw new RangeError('a rate limit must be a whole number of 1 or more');
  return {
    anonymous: { name: 'anonymous', max: anonymousMax, windowMs: ANONYMOUS_WINDOW_SECONDS * 1000, whenStoreIsAway },
    signedIn: { name: 'signed-in', max: signedInMax, windowMs: minuteMs, whenStoreIsAway },
    services: { name: 'services', max: serviceMax, windowMs: minuteMs, whenStoreIsAway },
  };
}

/** Makes the limit that a route declares. `HEAD` asks for the same work as `GET`, and counts with it. */
export function createPolicy(method: string, url: string, declared: RateLimit): RateLimitPolicy {
  const { max, windowSeconds, group, whenStoreIsAway } = declared;
  const name = group ?? `${method === 'HEAD' ? 'GET' : method} ${url}`;
  return { name, max, windowMs: windowSeconds * 1000, whenStoreIsAway };
}

/** Whether two routes of one group mean the same limit. */
export function isSamePolicy(one: RateLimitPolicy, other: RateLimitPolicy): boolean {
  return one.max === other.max && one.windowMs === other.windowMs && one.whenStoreIsAway === other.whenStoreIsAway;
}
