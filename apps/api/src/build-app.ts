import { principalFromClaims } from '@redoubt/auth';
import { createServer, type Server } from '@redoubt/server';

import { roles } from './access.ts';
import type { AppDependencies, AppOptions } from './app-dependencies.ts';
import { addSecurityEventRoutes } from './security-events/security-event-routes.ts';
import { addConfirmationRoutes } from './sign-in/confirmation-routes.ts';
import { addPasswordResetRoutes } from './sign-in/password-reset-routes.ts';
import { addRegistrationRoutes } from './sign-in/registration-routes.ts';
import { addSignInRoutes } from './sign-in/sign-in-routes.ts';
import { addUserRoutes } from './users/user-routes.ts';
import { addWellKnownRoutes } from './well-known/well-known-routes.ts';

/**
 * Builds the service: the one place that does. `main.ts`, `dev.ts` and every test call it, so that what is tested is
 * what runs. The server listens nowhere yet; `ready()` rejects when a route leaves something open.
 */
export async function buildApp(dependencies: AppDependencies, options: AppOptions): Promise<Server> {
  const { logger, metrics, securityEvents, verifyAccessToken } = dependencies;
  const app = await createServer({
    logger,
    metrics,
    allowedOrigins: options.allowedOrigins,
    trustedProxies: options.trustedProxies,
    authenticator: (token) => {
      const claims = verifyAccessToken.verify(token);
      return claims instanceof Promise
        ? claims.then((proven) => principalFromClaims(proven, roles))
        : principalFromClaims(claims, roles);
    },
    onDenied: (request, rule) =>
      securityEvents.raise('authz_fail', {
        ...actorOf(request.principal?.userId),
        clientAddress: request.ip,
        details: { rule: rule.name },
      }),
    idempotencyStore: dependencies.idempotency,
  });
  await options.installDocs?.(app);
  addRegistrationRoutes(app, dependencies, options);
  addConfirmationRoutes(app, dependencies);
  addPasswordResetRoutes(app, dependencies, options);
  addSignInRoutes(app, dependencies);
  addUserRoutes(app, dependencies, options);
  addSecurityEventRoutes(app, dependencies);
  addWellKnownRoutes(app, dependencies, options);
  return app;
}

function actorOf(userId: string | undefined): { actorId?: string } {
  return userId === undefined ? {} : { actorId: userId };
}
