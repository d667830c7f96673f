import { clientNetwork, type Principal, type Requirement } from '@redoubt/auth';
import type { SecurityEventName } from '@redoubt/logging';
import type { RequestObserver } from '@redoubt/server';
import type { FastifyRequest } from 'fastify';

import type { ServiceDependencies } from '../service-dependencies.ts';
import { raiseLimitExceeded, raiseTokenReuse } from './shared-events.ts';

/** What a request that matched no route is told under, as in the log. */
const NO_ROUTE = '(none)';

/**
 * Makes events of what the pipeline sees (SR-45). Those that need no account are limited: one a minute for each address
 * and route (SR-40).
 */
export function createRequestEvents({
  securityEvents,
  eventLimiter,
  detections,
}: Pick<ServiceDependencies, 'securityEvents' | 'eventLimiter' | 'detections'>): RequestObserver {
  const refuse = (request: FastifyRequest, rule: string, actor: { actorId?: string }, reason?: string): void =>
    securityEvents.raise('authz_fail', {
      ...actor,
      clientAddress: request.clientAddress,
      details: { rule, route: routeOf(request), ...(reason === undefined ? {} : { reason }) },
    });
  const isAdmitted = (request: FastifyRequest, name: SecurityEventName, what: string): boolean =>
    eventLimiter.admit(name, `${clientNetwork(request.clientAddress)} ${what}`);

  return {
    peerRefused(request, { serviceId, reason }) {
      if (!isAdmitted(request, 'authz_fail', serviceId ?? '')) return;
      refuse(request, 'client-certificate', serviceId === undefined ? {} : { actorId: serviceId }, reason);
    },
    /** Who repeats one request without end is told once a minute. */
    replayed(request, { serviceId }) {
      if (isAdmitted(request, 'authn_token_reuse', serviceId ?? ''))
        raiseTokenReuse(securityEvents, request, serviceId, { proof: 'signature' });
    },
    denied: (request, rule) => refuse(request, rule.name, actorOf(request.principal)),
    granted(request, rule) {
      if (!isAdministrative(request.principal, rule.requires)) return;
      securityEvents.raise('authz_admin', {
        clientAddress: request.clientAddress,
        details: { rule: rule.name, route: routeOf(request) },
      });
    },
    invalidInput(request) {
      const route = routeOf(request);
      if (isAdmitted(request, 'input_validation_fail', route))
        securityEvents.raise('input_validation_fail', { clientAddress: request.clientAddress, details: { route } });
    },
    extraneous(request) {
      const route = routeOf(request);
      if (isAdmitted(request, 'malicious_extraneous', route))
        securityEvents.raise('malicious_extraneous', { clientAddress: request.clientAddress, details: { route } });
    },
    foreignOrigin(request, asked) {
      if (isAdmitted(request, 'malicious_cors', asked))
        securityEvents.raise('malicious_cors', { clientAddress: request.clientAddress, details: { asked } });
    },
    limited(request, limit) {
      raiseLimitExceeded(securityEvents, request, limit, actorOf(request.principal));
    },
    notFound({ clientAddress, id: requestId }) {
      detections.observe({ name: 'not_found', clientAddress, requestId });
    },
  };
}

function routeOf({ method, contract }: FastifyRequest): string {
  return `${method} ${contract?.url ?? NO_ROUTE}`;
}

function actorOf(principal: Principal | null): { actorId?: string } {
  if (principal === null) return {};
  return { actorId: principal.kind === 'user' ? principal.userId : principal.serviceId };
}

/** Whether a permission that the rule asks for is the caller's: what is everybody's own business asks for none. */
function isAdministrative(principal: Principal | null, requirement: Requirement): boolean {
  if (principal?.kind !== 'user') return false;
  if (requirement.kind === 'permission') return principal.permissions.has(requirement.permission);
  return 'of' in requirement && requirement.of.some((member) => isAdministrative(principal, member));
}
