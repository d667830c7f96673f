import { createPeerIdentifier, principalFromClaims, refuseRevoked } from '@redoubt/auth';
import { createServer, type Server, type ServerOptions } from '@redoubt/server';

import { roles } from './access.ts';
import type { AppDependencies, AppOptions } from './app-dependencies.ts';
import { createRequestEvents } from './security-events/request-events.ts';
import { addSecurityEventRoutes } from './security-events/security-event-routes.ts';
import { addConfirmationRoutes } from './sign-in/confirmation-routes.ts';
import { addPasswordResetRoutes } from './sign-in/password-reset-routes.ts';
import { addRegistrationRoutes } from './sign-in/registration-routes.ts';
import { addPasswordRoutes } from './sign-in/password-routes.ts';
import { addRefreshRoutes } from './sign-in/refresh-routes.ts';
import { addSessionRoutes } from './sign-in/session-routes.ts';
import { addServiceRoutes } from './services/service-routes.ts';
import { addSignInRoutes } from './sign-in/sign-in-routes.ts';
import { addUserChangeRoutes } from './users/user-change-routes.ts';
import { addUserRoutes } from './users/user-routes.ts';
import { addWellKnownRoutes } from './well-known/well-known-routes.ts';

/**
 * Builds the service: the one place that does. `main.ts`, `dev.ts` and every test call it, so that what is tested is
 * what runs. The server listens nowhere yet; `ready()` rejects when a route leaves something open.
 */
export async function buildApp(dependencies: AppDependencies, options: AppOptions): Promise<Server> {
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
  if (options.localPasswords === 'on') {
    addRegistrationRoutes(app, dependencies, options);
    addConfirmationRoutes(app, dependencies, options);
    addSignInRoutes(app, dependencies, options);
    addPasswordRoutes(app, dependencies, options);
    addPasswordResetRoutes(app, dependencies, options);
  }
  addRefreshRoutes(app, dependencies, options);
  addSessionRoutes(app, dependencies);
  addUserRoutes(app, dependencies, options);
  addUserChangeRoutes(app, dependencies);
  addServiceRoutes(app);
  addSecurityEventRoutes(app, dependencies);
  addWellKnownRoutes(app, dependencies, options);
  return app;
}

/** Who may connect, where that is asked. */
function peerOptions(
  { now, readCertificate }: AppDependencies,
  { peers, tls }: AppOptions,
): Pick<ServerOptions, 'peers' | 'tls'> {
  if (peers === undefined) return {};
  return {
    ...(tls === undefined ? {} : { tls }),
    peers: createPeerIdentifier({ ...peers, now, ...(readCertificate === undefined ? {} : { readCertificate }) }),
  };
}
