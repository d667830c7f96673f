import { AppError, notNeeded, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

import type { AppDependencies } from '../app-dependencies.ts';
import { OneTimeTokenStore } from '../one-time-tokens/one-time-token-store.ts';
import { TOKEN_FAULT, TokenInput } from '../one-time-tokens/token-input.ts';
import { UserStore } from '../users/user-store.ts';
import { CREDENTIALS_MAX_BYTES } from './credentials.ts';

const Confirmation = Type.Object({ token: TokenInput }, { additionalProperties: false });

/** Confirmation of a registered address. It signs nobody in (SR-56). */
export function addConfirmationRoutes(app: Server, { database, now, securityEvents }: AppDependencies): void {
  const tokens = new OneTimeTokenStore(database.kysely, now);

  app.post(
    '/api/auth/confirm',
    {
      access: 'public',
      idempotency: notNeeded('a token is used once'),
      bodyLimit: CREDENTIALS_MAX_BYTES,
      schema: { body: Confirmation, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const userId = await database.kysely.transaction().execute(async (transaction) => {
        const redeemed = await tokens.redeem(transaction, request.body.token, ['confirm']);
        if (redeemed === undefined) throw new AppError('invalid-token', TOKEN_FAULT);
        // The password that came with this registration: somebody else may have registered the address before.
        await new UserStore(transaction).confirm(redeemed.userId, new Date(now()), redeemed.passwordHash);
        return redeemed.userId;
      });
      securityEvents.raise('user_updated', {
        actorId: userId,
        subjectId: userId,
        clientAddress: request.clientAddress,
      });
      return reply.code(204).send(null);
    },
  );
}
