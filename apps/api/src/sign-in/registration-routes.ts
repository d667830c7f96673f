import { MAX_PASSWORD_CODE_POINTS, MIN_PASSWORD_CODE_POINTS } from '@redoubt/auth';
import { notNeeded, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

import type { AppDependencies, AppOptions } from '../app-dependencies.ts';
import { AccountMail } from '../mail/account-mail.ts';
import { AccountEvents } from '../security-events/account-events.ts';
import { EmailInput, normalizeEmailAddress } from '../users/email-address.ts';
import { UserStore } from '../users/user-store.ts';
import { parseChosenPassword } from './chosen-password.ts';
import { CREDENTIALS_MAX_BYTES } from './credentials.ts';
import { signInLimit } from './sign-in-limits.ts';

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

const Registered = Type.Object({ status: Type.Literal('accepted') }, { additionalProperties: false });

/** Registration. Its answer does not tell whether the address has an account (SR-14). */
export function addRegistrationRoutes(app: Server, dependencies: AppDependencies, options: AppOptions): void {
  const users = new UserStore(dependencies.database.kysely);
  const mail = new AccountMail(dependencies, options);
  const events = new AccountEvents(dependencies);

  app.post(
    '/api/auth/register',
    {
      access: 'public',
      idempotency: notNeeded('a second registration of an address changes nothing'),
      rateLimit: signInLimit(options),
      bodyLimit: CREDENTIALS_MAX_BYTES,
      schema: { body: Registration, response: { 202: Registered } },
    },
    async (request, reply) => {
      const email = normalizeEmailAddress(request.body.email);
      const password = parseChosenPassword(request.body.password, { pointer: '/password', email, options });
      // Hashed in any case, so that a taken address takes as long.
      const passwordHash = await dependencies.passwordHasher.hash(password);
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
      if (row !== undefined) events.userCreated(request, row, row.id);
      if (options.registration === 'confirmed')
        dependencies.outbox.afterAnswer(reply, () => mail.sendAfterRegistration(email, passwordHash));
      return reply.code(202).send({ status: 'accepted' as const });
    },
  );
}
