import type { Principal } from '@redoubt/auth';
import { requestContext } from '@redoubt/logging';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { classifyError } from '../errors/classify-error.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is calling; `null` on public routes. Use {@link callerOf} where the route demands a caller. */
    principal: Principal | null;
  }
}

/**
 * Proves an access token. Returns the caller at once when it can, so that a known token costs no promise.
 * Throws or rejects on any fault; the reason stays in the log.
 */
export type Authenticator = (accessToken: string) => Principal | Promise<Principal>;

/** RFC 6750, section 2.1; the scheme is case-insensitive (RFC 9110, section 11.1). */
const BEARER = /^bearer ([^\s]+)$/i;

type Done = (error?: Error) => void;

/** Makes step 5: no principal, no way on. Every fault of a token looks the same from outside (SR-6, SR-30). */
export function createAuthenticate(authenticator: Authenticator) {
  return (request: FastifyRequest, _reply: FastifyReply, done: Done): void => {
    try {
      const principal = authenticator(readBearerToken(request));
      if (!(principal instanceof Promise)) {
        admit(request, principal);
        done();
        return;
      }
      principal
        .then((proven) => admit(request, proven))
        .then(
          () => done(),
          (cause: unknown) => done(unauthenticated(cause)),
        );
    } catch (cause) {
      done(unauthenticated(cause));
    }
  };
}

/** The caller of a route that demands one. Throws a `TypeError` on a public route: our own wrong use. */
export function callerOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new TypeError('a public route has no caller');
  return request.principal;
}

function readBearerToken(request: FastifyRequest): string {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new AppError('unauthenticated');
  return token;
}

function admit(request: FastifyRequest, principal: Principal): void {
  request.principal = principal;
  const context = requestContext.get();
  if (context !== undefined) context.userId = principal.userId;
}

/** What cannot be proven because a dependency is away is worth another try; any other fault is the token's (SR-30). */
function unauthenticated(cause: unknown): AppError {
  const error = classifyError(cause);
  return cause instanceof AppError || error.code === 'unavailable' ? error : new AppError('unauthenticated', { cause });
}
