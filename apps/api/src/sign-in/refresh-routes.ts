import { isOwnPageRequest, readRefreshCookie, type RefreshOutcome } from '@redoubt/auth';
import { AppError, notNeeded, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { AppDependencies, AppOptions } from '../app-dependencies.ts';
import { AccountEvents } from '../security-events/account-events.ts';
import { grantTokens, GrantedTokens } from './granted-tokens.ts';
import { refreshLimit } from './sign-in-limits.ts';

/** Refresh: the cookie against a new access token and the next cookie (SR-8, SR-25). */
export function addRefreshRoutes(app: Server, dependencies: AppDependencies, options: AppOptions): void {
  const origins = new Set([...options.allowedOrigins, new URL(options.publicUrl).origin]);
  const { securityEvents, eventLimiter } = dependencies;
  const events = new AccountEvents(dependencies);

  app.post(
    '/api/auth/refresh',
    {
      access: 'public',
      idempotency: notNeeded('a token that comes twice gives the same successor'),
      rateLimit: refreshLimit(options),
      onRequest: (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void) =>
        done(isOwnPageRequest(request.headers, origins) ? undefined : new AppError('forbidden')),
      schema: { body: Type.Null(), response: { 200: GrantedTokens } },
    },
    async (request, reply) => {
      const token = readRefreshCookie(request.headers.cookie);
      const outcome: RefreshOutcome =
        token === undefined ? { kind: 'refused' } : await dependencies.sessions.refresh(token);
      report(request, outcome);
      if (outcome.kind !== 'rotated' && outcome.kind !== 'repeated') throw new AppError('unauthenticated');
      return grantTokens(request, reply, outcome, dependencies);
    },
  );

  function report(request: FastifyRequest, outcome: RefreshOutcome): void {
    if (outcome.kind === 'refused' || 'refreshToken' in outcome) return;
    const { user_id: actorId, id: session } = outcome.session;
    const facts = { actorId, clientAddress: request.clientAddress, details: { session } };
    if (outcome.kind === 'expired') securityEvents.raise('session_expired', facts);
    if (outcome.kind === 'reused') events.tokenReused(request, actorId, { session });
    if (outcome.kind === 'used-after-expiry' && eventLimiter.admit('session_use_after_expire', session))
      securityEvents.raise('session_use_after_expire', facts);
  }
}
