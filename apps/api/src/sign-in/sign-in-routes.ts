import { MAX_PASSWORD_CODE_POINTS } from '@redoubt/auth';
import { AppError, notNeeded, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';

import type { AppDependencies, AppOptions } from '../app-dependencies.ts';
import { AccountEvents } from '../security-events/account-events.ts';
import { EmailInput, normalizeEmailAddress } from '../users/email-address.ts';
import { type UserRow, UserStore } from '../users/user-store.ts';
import { CREDENTIALS_MAX_BYTES } from './credentials.ts';
import { grantTokens, GrantedTokens } from './granted-tokens.ts';
import { signInOf } from './sign-in-of.ts';
import { type SignInAttempt, SignInGuard } from './sign-in-guard.ts';
import { signInLimit } from './sign-in-limits.ts';

const Credentials = Type.Object(
  { email: EmailInput, password: Type.String({ maxLength: MAX_PASSWORD_CODE_POINTS }) },
  { additionalProperties: false },
);

/** Sign-in. A refusal does not tell whether the address has an account (SR-14). */
export function addSignInRoutes(app: Server, dependencies: AppDependencies, options: AppOptions): void {
  const users = new UserStore(dependencies.database.kysely);
  const guard = new SignInGuard(dependencies);
  const events = new AccountEvents(dependencies);

  app.post(
    '/api/auth/login',
    {
      access: 'public',
      idempotency: notNeeded('each sign-in issues a token of its own'),
      rateLimit: signInLimit(options),
      bodyLimit: CREDENTIALS_MAX_BYTES,
      schema: { body: Credentials, response: { 200: GrantedTokens } },
    },
    async (request, reply) => {
      const email = normalizeEmailAddress(request.body.email);
      const { password } = request.body;
      const row = await users.findByEmail(email);
      const attempt = await guard.begin(request.clientAddress, email, row);
      const { valid, needsRehash } = await dependencies.passwordHasher.verify(attempt.passwordHash, password);
      const outcome = valid && row !== undefined && maySignIn(row) ? 'right' : 'wrong';
      if (!(await guard.settle(attempt, outcome)) || row === undefined) throw refuse(request, attempt);
      const compared = needsRehash ? await strengthen(row, password) : row.password_hash;
      if (compared === undefined) throw refuse(request, attempt);
      const signIn = signInOf(request, row.id, 'pwd');
      const open = await dependencies.sessions.begin(signIn, ({ passwordHash }) => passwordHash === compared);
      if (open === undefined) throw refuse(request, attempt);
      dependencies.securityEvents.raise('authn_login_success', {
        actorId: row.id,
        clientAddress: request.clientAddress,
      });
      dependencies.securityEvents.raise('session_created', {
        actorId: row.id,
        clientAddress: request.clientAddress,
        details: { session: open.session.id },
      });
      return grantTokens(request, reply, open, dependencies);
    },
  );

  function refuse(request: FastifyRequest, attempt: SignInAttempt): AppError {
    events.passwordRefused(request, attempt);
    return new AppError('invalid-credentials');
  }

  /** The stronger hash that is stored now, or nothing when the password was replaced meanwhile. */
  async function strengthen({ id, password_hash: compared }: UserRow, password: string): Promise<string | undefined> {
    const passwordHash = await dependencies.passwordHasher.rehash(password);
    return (await users.replacePasswordHash(id, compared ?? '', passwordHash)) ? passwordHash : undefined;
  }
}

function maySignIn(row: UserRow): boolean {
  return row.confirmed_at !== null && row.disabled_at === null;
}
