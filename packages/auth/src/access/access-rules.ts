import type { AccessRequest, AccessRule } from './access-rule.ts';

/** How recent a sign-in must be for a sensitive action: 10 minutes (SR-54). */
export const RECENT_SIGN_IN_SECONDS = 600;

/** A rule that asks for one permission. */
export interface PermissionRule<Permission extends string = string> extends AccessRule {
  readonly requires: { readonly kind: 'permission'; readonly permission: Permission };
}

/** Any user who has proven who they are; a user without an id is a fault of ours, and is denied. No service is one. */
export function signedIn(): AccessRule {
  return {
    name: 'signed-in',
    requires: { kind: 'signed-in' },
    deniedAs: 'forbidden',
    check: (caller) => caller.kind === 'user' && caller.userId.length > 0,
  };
}

/**
 * Any user whose role grants the permission. With the type argument of a role table, a permission that no role has does
 * not compile: `permission<PermissionOf<typeof roles>>('users:read')`.
 */
export function permission<Permission extends string>(permission: Permission): PermissionRule<Permission> {
  return {
    name: `permission(${permission})`,
    requires: { kind: 'permission', permission },
    deniedAs: 'forbidden',
    check: (caller) => caller.kind === 'user' && caller.permissions.has(permission),
  };
}

/**
 * Only the user whose id stands in the path under this parameter. A stranger sees what they would see if the user did
 * not exist (SR-2).
 */
export function owner(parameter: string): AccessRule {
  return {
    name: `owner(${parameter})`,
    requires: { kind: 'owner', parameter },
    deniedAs: 'not-found',
    check: (caller, request) =>
      caller.kind === 'user' && caller.userId.length > 0 && readParameter(request, parameter) === caller.userId,
  };
}

/** What recent means, and by which clock. */
export interface RecentSignInOptions {
  /** Default: {@link RECENT_SIGN_IN_SECONDS}. */
  readonly withinSeconds?: number;
  /** Milliseconds since 1970. Default: the system clock. */
  readonly now?: () => number;
}

/** Any user who signed in a short while ago; others are asked to sign in again (SR-54; RFC 9470). */
export function recentSignIn({
  withinSeconds = RECENT_SIGN_IN_SECONDS,
  now = Date.now,
}: RecentSignInOptions = {}): AccessRule {
  if (!Number.isInteger(withinSeconds) || withinSeconds < 1)
    throw new RangeError('withinSeconds must be a positive integer');
  return {
    name: `recent-sign-in(${withinSeconds} s)`,
    requires: { kind: 'recent-sign-in', withinSeconds },
    deniedAs: 'insufficient-authentication',
    check: (caller) => caller.kind === 'user' && now() / 1000 - caller.authenticatedAt <= withinSeconds,
  };
}

/** Only an own member counts: `owner('constructor')` finds nothing. */
function readParameter({ params }: AccessRequest, name: string): unknown {
  if (typeof params !== 'object' || params === null || !Object.hasOwn(params, name)) return undefined;
  return (params as Record<string, unknown>)[name];
}
