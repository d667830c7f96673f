import { MAX_PASSWORD_CODE_POINTS } from '@redoubt/auth';
import { AppError, notNeeded, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';

import type { AppDependencies } from '../app-dependencies.ts';
import { EmailInput, normalizeEmailAddress } from '../users/email-address.ts';
import { type UserRow, UserStore } from '../users/user-store.ts';
import { CREDENTIALS_MAX_BYTES } from './credentials.ts';
import { SignInGuard } from './sign-in-guard.ts';

const Credentials = Type.Object(
  { email: EmailInput, password: Type.String({ maxLength: MAX_PASSWORD_CODE_POINTS }) },
  { additionalProperties: false },
);

const AccessToken = Type.Object(
  {
    accessToken: Type.String({ maxLength: 4096 }),
    tokenType: Type.Literal('Bearer'),
    expiresIn: Type.Integer({ minimum: 1, maximum: 900, description: 'Seconds.' }),
  },
  { additionalProperties: false },
);

/** Sign-in. A refusal does not tell whether the address has an account (SR-14). */
export function addSignInRoutes(app: Server, dependencies: AppDependencies): void {
  const users = new UserStore(dependencies.database.kysely);
  const guard = new SignInGuard(dependencies);

  app.post(
    '/api/auth/login',
    {
      access: 'public',
      idempotency: notNeeded('each sign-in issues a token of its own'),
      bodyLimit: CREDENTIALS_MAX_BYTES,
      schema: { body: Credentials, response: { 200: AccessToken } },
    },
    async (request) => {
      const email = normalizeEmailAddress(request.body.email);
      const row = await users.findByEmail(email);
      const attempt = await guard.begin(request.ip, email, row);
      const { valid, needsRehash } = await dependencies.passwordHasher.verify(
        attempt.passwordHash,
        request.body.password,
      );
      const outcome = valid && row !== undefined && maySignIn(row) ? 'right' : 'wrong';
      if (!(await guard.settle(attempt, outcome)) || row === undefined) throw refuse(request, row, dependencies);
      if (needsRehash)
        await users.setPasswordHash(row.id, await dependencies.passwordHasher.rehash(request.body.password));
      dependencies.securityEvents.raise('authn_login_success', { actorId: row.id, clientAddress: request.ip });
      const { token, expiresInSeconds } = await dependencies.accessTokens.issue({
        userId: row.id,
        role: row.role,
        authenticatedAt: Math.floor(dependencies.now() / 1000),
      });
      return { accessToken: token, tokenType: 'Bearer' as const, expiresIn: expiresInSeconds };
    },
  );
}

function maySignIn(row: UserRow): boolean {
  return row.confirmed_at !== null && row.disabled_at === null;
}

function refuse(request: FastifyRequest, row: UserRow | undefined, { securityEvents }: AppDependencies): AppError {
  const subject = row === undefined ? {} : { subjectId: row.id };
  securityEvents.raise('authn_login_fail', { ...subject, clientAddress: request.ip });
  return new AppError('invalid-credentials');
}
