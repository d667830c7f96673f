import { allOf, MAX_PASSWORD_CODE_POINTS, MIN_PASSWORD_CODE_POINTS, recentSignIn, signedIn } from '@redoubt/auth';
import { AppError, callerOf, notNeeded, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

import type { AppDependencies, AppOptions } from '../app-dependencies.ts';
import { OneTimeTokenStore } from '../one-time-tokens/one-time-token-store.ts';
import { normalizeEmailAddress } from '../users/email-address.ts';
import { AccountEvents } from '../security-events/account-events.ts';
import { UserStore } from '../users/user-store.ts';
import { parseChosenPassword } from './chosen-password.ts';
import { CREDENTIALS_MAX_BYTES } from './credentials.ts';
import { SignInGuard } from './sign-in-guard.ts';
import { passwordChangeLimit } from './sign-in-limits.ts';

const PasswordChange = Type.Object(
  {
    currentPassword: Type.String({ maxLength: MAX_PASSWORD_CODE_POINTS }),
    newPassword: Type.String({ minLength: MIN_PASSWORD_CODE_POINTS, maxLength: MAX_PASSWORD_CODE_POINTS }),
  },
  { additionalProperties: false },
);

/** The change of one's own password, which ends every other session (SR-54, SR-55). */
export function addPasswordRoutes(app: Server, dependencies: AppDependencies, options: AppOptions): void {
  const guard = new SignInGuard(dependencies);
  const tokens = new OneTimeTokenStore(dependencies.database.kysely, dependencies.now);
  const { database, passwordHasher, sessions, now } = dependencies;
  const events = new AccountEvents(dependencies);

  app.post(
    '/api/auth/password',
    {
      access: allOf(signedIn(), recentSignIn({ now })),
      idempotency: notNeeded('a second change finds that the current password is not right'),
      rateLimit: passwordChangeLimit(options),
      bodyLimit: CREDENTIALS_MAX_BYTES,
      schema: { body: PasswordChange, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { userId, sessionId } = callerOf(request);
      const { currentPassword, newPassword } = request.body;
      const row = await new UserStore(database.kysely).findById(userId);
      if (row === undefined) throw new AppError('invalid-credentials');
      const email = normalizeEmailAddress(row.email);
      // A stolen access token must not guess here what it could not guess at the sign-in (SR-13).
      const attempt = await guard.begin(request.clientAddress, email, row);
      const { valid } = await passwordHasher.verify(attempt.passwordHash, currentPassword);
      if (!(await guard.settle(attempt, valid ? 'right' : 'wrong'))) {
        events.passwordRefused(request, attempt);
        throw new AppError('invalid-credentials');
      }
      const chosen = parseChosenPassword(newPassword, { pointer: '/newPassword', email, options });
      const passwordHash = await passwordHasher.hash(chosen);
      await database.kysely.transaction().execute(async (transaction) => {
        const isStillIt = await new UserStore(transaction).replacePasswordHash(
          userId,
          row.password_hash ?? '',
          passwordHash,
        );
        if (!isStillIt) throw new AppError('invalid-credentials');
        await tokens.endAll(userId, transaction);
        await sessions.end({ userId, exceptAccessId: sessionId }, 'password-changed', transaction);
      });
      events.passwordChanged(request, userId, 'password');
      return reply.code(204).send(null);
    },
  );
}
