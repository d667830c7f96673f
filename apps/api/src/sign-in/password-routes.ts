import {
  allOf,
  MAX_PASSWORD_CODE_POINTS,
  MIN_PASSWORD_CODE_POINTS,
  parseNewPassword,
  recentSignIn,
  signedIn,
} from '@redoubt/auth';
import { AppError, callerOf, notNeeded, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

import type { AppDependencies } from '../app-dependencies.ts';
import { UserStore } from '../users/user-store.ts';
import { CREDENTIALS_MAX_BYTES } from './credentials.ts';

const PasswordChange = Type.Object(
  {
    currentPassword: Type.String({ maxLength: MAX_PASSWORD_CODE_POINTS }),
    newPassword: Type.String({ minLength: MIN_PASSWORD_CODE_POINTS, maxLength: MAX_PASSWORD_CODE_POINTS }),
  },
  { additionalProperties: false },
);

/** The change of one's own password, which ends every other session (SR-54, SR-55). */
export function addPasswordRoutes(app: Server, dependencies: AppDependencies): void {
  const { database, passwordHasher, sessions, securityEvents, now } = dependencies;

  app.post(
    '/api/auth/password',
    {
      access: allOf(signedIn(), recentSignIn({ now })),
      idempotency: notNeeded('a second change finds that the current password is not right'),
      bodyLimit: CREDENTIALS_MAX_BYTES,
      schema: { body: PasswordChange, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { userId, sessionId } = callerOf(request);
      const { currentPassword, newPassword } = request.body;
      const compared = (await new UserStore(database.kysely).findById(userId))?.password_hash;
      const { valid } = await passwordHasher.verify(compared ?? undefined, currentPassword);
      if (!valid) {
        securityEvents.raise('authn_login_fail', { subjectId: userId, clientAddress: request.ip });
        throw new AppError('invalid-credentials');
      }
      const passwordHash = await passwordHasher.hash(parseNewPassword(newPassword));
      await database.kysely.transaction().execute(async (transaction) => {
        await new UserStore(transaction).setPasswordHash(userId, passwordHash);
        await sessions.end({ userId, exceptAccessId: sessionId }, 'password-changed', transaction);
      });
      securityEvents.raise('authn_password_change', { clientAddress: request.ip });
      return reply.code(204).send(null);
    },
  );
}
