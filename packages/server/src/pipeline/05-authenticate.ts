import type { Principal, ServicePrincipal, UserPrincipal } from '@redoubt/auth';
import { requestContext } from '@redoubt/logging';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { classifyError } from '../errors/classify-error.ts';
import { isSigned, type ProveSigned } from './05-signed-request.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is calling; `null` on public routes. Use {@link callerOf} or {@link serviceOf} where the rule leaves one kind. */
    principal: Principal | null;
  }
}

/**
 * Proves an access token. Returns the caller at once when it can, so that a known token costs no promise.
 * Throws or rejects on any fault; the reason stays in the log, and only a dependency that is away shows, as 503.
 */
export type Authenticator = (accessToken: string) => UserPrincipal | Promise<UserPrincipal>;

/** RFC 6750, section 2.1; the scheme is case-insensitive (RFC 9110, section 11.1). */
const BEARER = /^bearer $/i;
const BEARER_LENGTH = 7;

type Done = (error?: Error) => void;

/**
 * Makes step 5: no principal, no way on. A request with an `Authorization` header is its user's, or nobody's: a bad token
 * is never made good by the certificate of who forwards it. Without one, a signed request is its signer's or nobody's,
 * where `proveSigned` is given: routes that let no service in look at no signature (SR-42). Without either, it is the
 * service's whose certificate opened the connection; the edge's certificate makes nobody a caller (SR-28). Every fault
 * of a token or a signature looks the same from outside (SR-6, SR-30).
 */
export function createAuthenticate(authenticator: Authenticator, proveSigned?: ProveSigned) {
  const identify = (request: FastifyRequest): Principal | Promise<Principal> => {
    if (request.headers.authorization === undefined) {
      if (proveSigned !== undefined && isSigned(request)) return proveSigned(request);
      if (request.peer?.kind === 'service') return request.peer;
    }
    return authenticator(readBearerToken(request));
  };
  return (request: FastifyRequest, _reply: FastifyReply, done: Done): void => {
    let principal: Principal | Promise<Principal>;
    try {
      principal = identify(request);
      if (!(principal instanceof Promise)) admit(request, principal);
    } catch (cause) {
      done(unauthenticated(cause));
      return;
    }
    // Beyond the try: what a later step throws is no fault of the token.
    if (!(principal instanceof Promise)) {
      done();
      return;
    }
    principal
      .then((proven) => admit(request, proven))
      .then(
        () => done(),
        (cause: unknown) => done(unauthenticated(cause)),
      );
  };
}

/** The user who calls. Throws a `TypeError` where the route lets in others, too: our own wrong use. */
export function callerOf(request: FastifyRequest): UserPrincipal {
  const principal = principalOf(request);
  if (principal.kind !== 'user') throw new TypeError('the caller is no user: look at request.principal');
  return principal;
}

/** The service that calls. Throws a `TypeError` where the route lets in others, too: our own wrong use. */
export function serviceOf(request: FastifyRequest): ServicePrincipal {
  const principal = principalOf(request);
  if (principal.kind !== 'service') throw new TypeError('the caller is no service: look at request.principal');
  return principal;
}

/** The caller of a route that demands one. Throws a `TypeError` on a public route: our own wrong use. */
export function principalOf({ principal }: FastifyRequest): Principal {
  if (principal === null) throw new TypeError('a public route has no caller');
  return principal;
}

function readBearerToken(request: FastifyRequest): string {
  const { authorization = '' } = request.headers;
  const token = authorization.slice(BEARER_LENGTH);
  // The rest is the verifier's to judge: each character of a token is one of base64url, or it is none.
  if (!BEARER.test(authorization.slice(0, BEARER_LENGTH)) || token === '' || token.includes(' '))
    throw new AppError('unauthenticated');
  return token;
}

function admit(request: FastifyRequest, principal: Principal): void {
  request.principal = principal;
  const context = requestContext.get();
  if (context === undefined) return;
  if (principal.kind === 'service') context.serviceId = principal.serviceId;
  else context.userId = principal.userId;
}

/** What is busy or away says nothing about the token or the signature: the caller comes again. */
function unauthenticated(cause: unknown): AppError {
  const known = classifyError(cause);
  return known === cause || known.code === 'unavailable' ? known : new AppError('unauthenticated', { cause });
}
