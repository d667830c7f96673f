import type { Principal } from './principal.ts';

/** How a denial shows: as 403, as 404 like a thing that does not exist (SR-2), or as 401 with a step-up (SR-54). */
export type DeniedAs = 'forbidden' | 'not-found' | 'insufficient-authentication';

/** What a rule may look at beside the caller. */
export interface AccessRequest {
  /** The path's parameters. A rule runs before validation: they are strings from outside, or absent. */
  readonly params: unknown;
}

/** What a rule demands, in words that a table of routes and a generated test can read. */
export type Requirement =
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'permission'; readonly permission: string }
  | { readonly kind: 'owner'; readonly parameter: string }
  | { readonly kind: 'recent-sign-in'; readonly withinSeconds: number }
  /** `'any'`: every service that the listener admits or that may sign. */
  | { readonly kind: 'service'; readonly allow: readonly string[] | 'any' }
  | { readonly kind: 'any-of'; readonly of: readonly Requirement[] }
  | { readonly kind: 'all-of'; readonly of: readonly Requirement[] }
  | { readonly kind: 'custom'; readonly description: string };

/** Who may pass, as a value that a route names. Rules decide through `decide`, which also denies when one fails. */
export interface AccessRule {
  /** Short, for logs and for the table of routes: `permission(users:read)`. */
  readonly name: string;
  readonly requires: Requirement;
  readonly deniedAs: DeniedAs;
  /** Answers whether the caller may pass. Only `true` allows; a throw or a rejection denies (SR-30). */
  check(principal: Principal, request: AccessRequest): boolean | Promise<boolean>;
  /** Rules that must all allow, in this order: `decide` denies as the first of them that does not. */
  readonly every?: readonly AccessRule[];
}

/** What a route declares about its callers: anybody, or a rule. There is no default (SR-1). */
export type Access = 'public' | AccessRule;
