import { type OpenSession, refreshCookie } from '@redoubt/auth';
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { AppDependencies } from '../app-dependencies.ts';

/** What a sign-in and a refresh answer; the refresh token is in the cookie only. */
export const GrantedTokens = Type.Object(
  {
    accessToken: Type.String({ maxLength: 4096 }),
    tokenType: Type.Literal('Bearer'),
    expiresIn: Type.Integer({ minimum: 1, maximum: 900, description: 'Seconds.' }),
  },
  { additionalProperties: false },
);

/** Answers an access token of the session, and sets the cookie for as long as the session lives without use. */
export async function grantTokens(
  request: Pick<FastifyRequest, 'clientAddress'>,
  reply: Pick<FastifyReply, 'header'>,
  { session, account, refreshToken }: OpenSession,
  { accessTokens, securityEvents, now }: AppDependencies,
): Promise<Static<typeof GrantedTokens>> {
  const { token, expiresInSeconds } = await accessTokens.issue({
    userId: session.user_id,
    role: account.role,
    sessionId: session.access_id,
    authenticatedAt: Math.floor(session.authenticated_at.getTime() / 1000),
    // In whole seconds, up: a session in its last second still gets a token that is one second long.
    sessionEndsAt: Math.ceil(session.idle_expires_at.getTime() / 1000),
  });
  securityEvents.raise('authn_token_created', {
    actorId: session.user_id,
    clientAddress: request.clientAddress,
    details: { session: session.id },
  });
  const maxAgeSeconds = Math.floor((session.idle_expires_at.getTime() - now()) / 1000);
  reply.header('set-cookie', refreshCookie(refreshToken, maxAgeSeconds));
  return { accessToken: token, tokenType: 'Bearer', expiresIn: expiresInSeconds };
}
