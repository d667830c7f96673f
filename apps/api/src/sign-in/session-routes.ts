import {
  allOf,
  clearedRefreshCookie,
  MAX_SESSIONS_PER_USER,
  permission,
  recentSignIn,
  revocationKeyOf,
  type SessionRow,
  signedIn,
} from '@redoubt/auth';
import { AppError, callerOf, notNeeded, type Server } from '@redoubt/server';
import { type Static, Type } from '@sinclair/typebox';

import type { AppDependencies } from '../app-dependencies.ts';
import { AccountEvents } from '../security-events/account-events.ts';

const IdParams = Type.Object({ id: Type.String({ format: 'uuid' }) }, { additionalProperties: false });

const SessionView = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    current: Type.Boolean({ description: 'Whether this request belongs to it.' }),
    createdAt: Type.String({ format: 'date-time' }),
    lastUsedAt: Type.String({ format: 'date-time' }),
    expiresAt: Type.String({ format: 'date-time', description: 'The end without further use.' }),
    clientAddress: Type.Optional(Type.String({ maxLength: 64 })),
    userAgent: Type.Optional(Type.String({ maxLength: 256 })),
  },
  { additionalProperties: false, description: 'A signed-in session.' },
);

const SessionList = Type.Object(
  { items: Type.Array(SessionView, { maxItems: MAX_SESSIONS_PER_USER }) },
  { additionalProperties: false },
);

/** Sign-out, and the sessions that go on: one's own for everybody, anybody's for who may write users (SR-55). */
export function addSessionRoutes(app: Server, dependencies: AppDependencies): void {
  const { sessions, revocations, now } = dependencies;
  const events = new AccountEvents(dependencies);

  app.post(
    '/api/auth/logout',
    {
      access: signedIn(),
      idempotency: notNeeded('a session ends once'),
      schema: { body: Type.Null(), response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const ended = await sessions.end({ userId: caller.userId, accessId: caller.sessionId ?? '' }, 'signed-out');
      // A token without a session, or of one that ended by itself meanwhile, ends alone.
      if (ended === 0) await revocations.revoke([revocationKeyOf(caller)]);
      events.tokensRevoked(request, { reason: 'signed-out', userId: caller.userId, sessions: ended });
      return reply
        .code(204)
        .header('set-cookie', clearedRefreshCookie())
        .header('clear-site-data', '"cookies", "storage"')
        .send(null);
    },
  );

  app.get('/api/auth/sessions', { access: signedIn(), schema: { response: { 200: SessionList } } }, async (request) => {
    const { userId, sessionId } = callerOf(request);
    const rows = await sessions.list(userId);
    return { items: rows.map((row) => toView(row, sessionId)) };
  });

  app.delete(
    '/api/auth/sessions/:id',
    { access: signedIn(), schema: { params: IdParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const ended = await sessions.end({ userId, id: request.params.id }, 'ended-by-user');
      // Another user's session is as absent as one that never was (SR-2).
      if (ended === 0) throw new AppError('not-found');
      events.tokensRevoked(request, { reason: 'ended-by-user', userId, sessions: ended });
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/api/users/:id/sessions',
    {
      access: allOf(permission('users:write'), recentSignIn({ now })),
      schema: { params: IdParams, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { id } = request.params;
      const ended = await sessions.end({ userId: id }, 'ended-by-administrator');
      events.tokensRevoked(request, { reason: 'ended-by-administrator', userId: id, sessions: ended });
      return reply.code(204).send(null);
    },
  );
}

function toView(row: SessionRow, currentAccessId: string | undefined): Static<typeof SessionView> {
  return {
    id: row.id,
    current: row.access_id === currentAccessId,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
    expiresAt: row.idle_expires_at.toISOString(),
    ...(row.client_address === null ? {} : { clientAddress: row.client_address }),
    ...(row.user_agent === null ? {} : { userAgent: row.user_agent }),
  };
}
