import type { Access, Requirement } from '@redoubt/auth';
import {
  createDefaultPolicies,
  type DefaultPolicies,
  type DefaultRateLimits,
  type RateLimitPolicy,
  type RouteContract,
} from '@redoubt/server';

import type { SurfaceRoute } from './surface.ts';

/** What the tables say of a route. */
export function describeRoute(
  listener: string,
  contract: RouteContract,
  limits: DefaultRateLimits | 'none',
): SurfaceRoute {
  const { method, url, access, idempotency, cache } = contract;
  return {
    listener,
    route: `${method} ${url}`,
    access: access === 'public' ? 'public' : access.name,
    rateLimit: describeLimit(contract, limits === 'none' ? undefined : createDefaultPolicies(limits)),
    body: hasBody(contract) ? `${contract.maxBodyBytes} bytes` : 'none',
    idempotency: describeIdempotency(idempotency),
    audit: auditEventsOf(access).join(', ') || 'none',
    cache: cache === undefined ? 'no-store' : `${cache.maxAgeSeconds} s`,
  };
}

function hasBody({ schema, maxBodyBytes }: RouteContract): boolean {
  const body = schema.body as { readonly type?: unknown } | undefined;
  return maxBodyBytes > 0 && body?.type !== 'null';
}

function describeIdempotency(idempotency: RouteContract['idempotency']): string {
  if (idempotency === undefined) return 'none';
  return idempotency === 'required' ? 'required' : `not needed: ${idempotency.notNeeded}`;
}

function describeLimit({ access, rateLimit }: RouteContract, defaults: DefaultPolicies | undefined): string {
  if (defaults === undefined) return 'not limited: only the inside of the network reaches it';
  if (rateLimit === undefined) return describeDefaults(access, defaults);
  if ('notLimited' in rateLimit) return `not limited: ${rateLimit.notLimited}`;
  const { max, windowSeconds, by, group, whenStoreIsAway } = rateLimit;
  return `${max} in ${windowSeconds} s by ${by}${group === undefined ? '' : ` of ${group}`}, ${whenStoreIsAway}`;
}

/** Whom the server's own limits count depends on who may call. */
function describeDefaults(access: Access, { anonymous, signedIn, services }: DefaultPolicies): string {
  if (access === 'public') return describePolicy(anonymous, 'address');
  const kinds = leavesOf(access.requires).map(({ kind }) => kind);
  const byUser = kinds.every((kind) => kind === 'service') ? [] : [describePolicy(signedIn, 'user')];
  const byService = kinds.some((kind) => kind === 'service' || kind === 'custom')
    ? [describePolicy(services, 'service')]
    : [];
  return [...byUser, ...byService].join('; ');
}

function describePolicy({ name, max, windowMs, whenStoreIsAway }: RateLimitPolicy, by: string): string {
  return `${max} in ${windowMs / 1000} s by ${by} of ${name}, ${whenStoreIsAway}`;
}

/**
 * The security events that the declaration alone brings about: a rule that denies is told of, and so is one that lets a
 * caller use a permission. What a handler raises beside them is not declared.
 */
function auditEventsOf(access: Access): readonly string[] {
  if (access === 'public') return [];
  const asksForPermission = leavesOf(access.requires).some(({ kind }) => kind === 'permission');
  return asksForPermission ? ['authz_admin', 'authz_fail'] : ['authz_fail'];
}

function leavesOf(requirement: Requirement): readonly Requirement[] {
  return 'of' in requirement ? requirement.of.flatMap(leavesOf) : [requirement];
}
