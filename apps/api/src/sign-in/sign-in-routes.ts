import { MAX_PASSWORD_CODE_POINTS, MIN_PASSWORD_CODE_POINTS, parseNewPassword } from '@redoubt/auth';
import { AppError, notNeeded, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';

import type { AppDependencies, AppOptions } from '../app-dependencies.ts';
import { EmailInput, normalizeEmailAddress } from '../users/email-address.ts';
import { type UserRow, UserStore } from '../users/user-store.ts';

/** An address and a password fit in 4 KiB (SR-21); a longer body is refused before it is read. */
const CREDENTIALS_MAX_BYTES = 4 * 1024;

const Registration = Type.Object(
  {
    email: EmailInput,
    password: Type.String({
      minLength: MIN_PASSWORD_CODE_POINTS,
      maxLength: MAX_PASSWORD_CODE_POINTS,
      description: 'A new password.',
    }),
  },
  { additionalProperties: false },
);

const Credentials = Type.Object(
  { email: EmailInput, password: Type.String({ maxLength: MAX_PASSWORD_CODE_POINTS }) },
  { additionalProperties: false },
);

const Registered = Type.Object({ status: Type.Literal('accepted') }, { additionalProperties: false });

const AccessToken = Type.Object(
  {
    accessToken: Type.String({ maxLength: 4096 }),
    tokenType: Type.Literal('Bearer'),
    expiresIn: Type.Integer({ minimum: 1, maximum: 900, description: 'Seconds.' }),
  },
  { additionalProperties: false },
);

/** Registration and sign-in. Nothing here tells whether an address has an account (SR-14). */
export function addSignInRoutes(app: Server, dependencies: AppDependencies, options: AppOptions): void {
  const users = new UserStore(dependencies.database.kysely);

  app.post(
    '/api/auth/register',
    {
      access: 'public',
      idempotency: notNeeded('a second registration of an address changes nothing'),
      bodyLimit: CREDENTIALS_MAX_BYTES,
      schema: { body: Registration, response: { 202: Registered } },
    },
    async (request, reply) => {
      const email = normalizeEmailAddress(request.body.email);
      // Hashed in any case, so that a taken address takes as long.
      const passwordHash = await dependencies.passwordHasher.hash(parseNewPassword(request.body.password));
      const createdAt = new Date(dependencies.now());
      const confirmed = options.registration === 'immediate' ? { confirmedAt: createdAt } : {};
      const row = await users.insert({
        id: dependencies.createId(),
        email,
        role: 'user',
        passwordHash,
        createdAt,
        ...confirmed,
      });
      if (row !== undefined)
        dependencies.securityEvents.raise('user_created', {
          actorId: row.id,
          subjectId: row.id,
          clientAddress: request.ip,
        });
      return reply.code(202).send({ status: 'accepted' as const });
    },
  );

  app.post(
    '/api/auth/login',
    {
      access: 'public',
      idempotency: notNeeded('each sign-in issues a token of its own'),
      bodyLimit: CREDENTIALS_MAX_BYTES,
      schema: { body: Credentials, response: { 200: AccessToken } },
    },
    async (request) => {
      const row = await users.findByEmail(normalizeEmailAddress(request.body.email));
      const { valid, needsRehash } = await dependencies.passwordHasher.verify(
        row?.password_hash ?? undefined,
        request.body.password,
      );
      if (row === undefined || !valid || !maySignIn(row)) throw refuse(request, row, dependencies);
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
