import { createPeerIdentifier, principalFromClaims, refuseRevoked } from '@redoubt/auth';
import { createServer, type Server, type ServerOptions } from '@redoubt/server';

import type { Service } from './define-service.ts';
import { createRequestEvents } from './security-events/request-events.ts';
import { addSecurityEventRoutes } from './security-events/security-event-routes.ts';
import type { ServiceDependencies, ServiceOptions } from './service-dependencies.ts';
import { addServiceRoutes } from './services/service-routes.ts';
import { addSecurityTxtRoute } from './well-known/security-txt-route.ts';

/**
 * Builds a service: the one place that does. `main.ts`, `dev.ts` and every test call it, so that what is tested is what
 * runs. The server listens nowhere yet; `ready()` rejects when a route leaves something open.
 */
export async function buildApp(
  { roles, modules }: Service,
  dependencies: ServiceDependencies,
  options: ServiceOptions,
): Promise<Server> {
  const { logger, metrics, verifyAccessToken, revocations, signatures } = dependencies;
  const app = await createServer({
    logger,
    metrics,
    allowedOrigins: options.allowedOrigins,
    allowedHosts: options.allowedHosts,
    trustedProxies: options.trustedProxies,
    ...(options.overload === undefined ? {} : { overload: options.overload }),
    rateLimits: { store: dependencies.sharedStore, now: dependencies.now, ...options.rateLimits },
    authenticator: (token) => {
      const claims = verifyAccessToken.verify(token);
      return claims instanceof Promise
        ? claims.then((proven) => refuseRevoked(principalFromClaims(proven, roles), revocations))
        : refuseRevoked(principalFromClaims(claims, roles), revocations);
    },
    observer: createRequestEvents(dependencies),
    idempotencyStore: dependencies.idempotency,
    ...(dependencies.tracing === undefined ? {} : { tracer: dependencies.tracing }),
    ...peerOptions(dependencies, options),
    ...(signatures === undefined ? {} : { signatures }),
  });
  await options.installDocs?.(app);
  for (const { addRoutes } of modules) addRoutes(app, dependencies, options);
  addServiceRoutes(app);
  addSecurityEventRoutes(app, dependencies);
  addSecurityTxtRoute(app, dependencies, options);
  return app;
}

/** Who may connect, where that is asked. */
function peerOptions(
  { now, readCertificate }: ServiceDependencies,
  { peers, tls }: ServiceOptions,
): Pick<ServerOptions, 'peers' | 'tls'> {
  if (peers === undefined) return {};
  return {
    ...(tls === undefined ? {} : { tls }),
    peers: createPeerIdentifier({ ...peers, now, ...(readCertificate === undefined ? {} : { readCertificate }) }),
  };
}
