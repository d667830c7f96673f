import { MAX_PASSWORD_CODE_POINTS } from '@redoubt/auth';
import { AppError, notNeeded, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

import type { AppDependencies, AppOptions } from '../app-dependencies.ts';
import { OneTimeTokenStore } from '../one-time-tokens/one-time-token-store.ts';
import { TOKEN_FAULT, TokenInput } from '../one-time-tokens/token-input.ts';
import { AccountEvents } from '../security-events/account-events.ts';
import { UserStore } from '../users/user-store.ts';
import { CREDENTIALS_MAX_BYTES } from './credentials.ts';
import { signInLimit } from './sign-in-limits.ts';

const Confirmation = Type.Object(
  { token: TokenInput, password: Type.String({ maxLength: MAX_PASSWORD_CODE_POINTS }) },
  { additionalProperties: false },
);

/**
 * Confirmation of a registered address. It signs nobody in, and asks for the password of the registration: who confirms
 * a mail that they did not ask for must not open an account with a stranger's password (SR-56).
 */
export function addConfirmationRoutes(
  app: Server,
  { database, now, passwordHasher, ...dependencies }: AppDependencies,
  options: AppOptions,
): void {
  const events = new AccountEvents(dependencies);
  const tokens = new OneTimeTokenStore(database.kysely, now);

  app.post(
    '/api/auth/confirm',
    {
      access: 'public',
      idempotency: notNeeded('a token is used once'),
      rateLimit: signInLimit(options),
      bodyLimit: CREDENTIALS_MAX_BYTES,
      schema: { body: Confirmation, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { token, password } = request.body;
      // Before the transaction: a computation must not hold a connection.
      const { valid } = await passwordHasher.verify(await tokens.findPasswordHash(token, 'confirm'), password);
      if (!valid) throw new AppError('invalid-token', TOKEN_FAULT);
      const owner = await tokens.find(token, ['confirm']);
      if (owner === undefined) throw new AppError('invalid-token', TOKEN_FAULT);
      const userId = await database.kysely.transaction().execute(async (transaction) => {
        const users = new UserStore(transaction);
        await users.lock(owner);
        const redeemed = await tokens.redeem(transaction, token, ['confirm']);
        if (redeemed === undefined) throw new AppError('invalid-token', TOKEN_FAULT);
        await users.confirm(redeemed.userId, new Date(now()), redeemed.passwordHash);
        return redeemed.userId;
      });
      events.userUpdated(request, { id: userId, actorId: userId }, { change: 'confirmed' });
      return reply.code(204).send(null);
    },
  );
}
