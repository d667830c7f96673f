import { MAX_PASSWORD_CODE_POINTS, MIN_PASSWORD_CODE_POINTS } from '@redoubt/auth';
import { AppError, notNeeded, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

import type { AppDependencies, AppOptions } from '../app-dependencies.ts';
import { AccountMail } from '../mail/account-mail.ts';
import { type OneTimeTokenKind, OneTimeTokenStore } from '../one-time-tokens/one-time-token-store.ts';
import { TOKEN_FAULT, TokenInput } from '../one-time-tokens/token-input.ts';
import { AccountEvents } from '../security-events/account-events.ts';
import { EmailInput, normalizeEmailAddress } from '../users/email-address.ts';
import { type UserRow, UserStore } from '../users/user-store.ts';
import { parseChosenPassword } from './chosen-password.ts';
import { CREDENTIALS_MAX_BYTES } from './credentials.ts';
import { SignInGuard } from './sign-in-guard.ts';
import { signInLimit } from './sign-in-limits.ts';

/** Both prove the mailbox, and let its owner choose a password. */
const KINDS: readonly OneTimeTokenKind[] = ['reset', 'invite'];

const Forgotten = Type.Object({ email: EmailInput }, { additionalProperties: false });
const Accepted = Type.Object({ status: Type.Literal('accepted') }, { additionalProperties: false });

const Reset = Type.Object(
  {
    token: TokenInput,
    newPassword: Type.String({
      minLength: MIN_PASSWORD_CODE_POINTS,
      maxLength: MAX_PASSWORD_CODE_POINTS,
      description: 'A new password.',
    }),
  },
  { additionalProperties: false },
);

/** A new password by mail, for who forgot it, was invited, or was locked out (SR-13, SR-56). It signs nobody in. */
export function addPasswordResetRoutes(app: Server, dependencies: AppDependencies, options: AppOptions): void {
  const { database, now, outbox, passwordHasher } = dependencies;
  const mail = new AccountMail(dependencies, options);
  const tokens = new OneTimeTokenStore(database.kysely, now);
  const users = new UserStore(database.kysely);
  const guard = new SignInGuard(dependencies);
  const events = new AccountEvents(dependencies);

  app.post(
    '/api/auth/password/forgot',
    {
      access: 'public',
      idempotency: notNeeded('each request sends a token of its own, a few in an hour'),
      rateLimit: signInLimit(options),
      bodyLimit: CREDENTIALS_MAX_BYTES,
      schema: { body: Forgotten, response: { 202: Accepted } },
    },
    (request, reply) => {
      const email = normalizeEmailAddress(request.body.email);
      // Nothing is looked up before the answer: it is the same for every address, and takes as long (SR-14).
      outbox.afterAnswer(reply, () => mail.sendReset(email));
      reply.code(202);
      return { status: 'accepted' as const };
    },
  );

  app.post(
    '/api/auth/password/reset',
    {
      access: 'public',
      idempotency: notNeeded('a token is used once'),
      rateLimit: signInLimit(options),
      bodyLimit: CREDENTIALS_MAX_BYTES,
      schema: { body: Reset, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { token, newPassword } = request.body;
      const owner = await ownerOf(token);
      const password = parseChosenPassword(newPassword, { pointer: '/newPassword', email: owner.email, options });
      // Before the token is used up and outside the transaction: a refused or busy computation costs no token.
      await replacePassword(owner, token, await passwordHasher.hash(password));
      await guard.forgetLocks(normalizeEmailAddress(owner.email));
      events.passwordChanged(request, owner.id, 'mail');
      return reply.code(204).send(null);
    },
  );

  async function ownerOf(token: string): Promise<UserRow> {
    const userId = await tokens.find(token, KINDS);
    const owner = userId === undefined ? undefined : await users.findById(userId);
    if (owner === undefined) throw new AppError('invalid-token', TOKEN_FAULT);
    return owner;
  }

  /** The token, the password, the failures and the sessions change together, or none of them does. */
  async function replacePassword(owner: UserRow, token: string, passwordHash: string): Promise<void> {
    await database.kysely.transaction().execute(async (transaction) => {
      const users = new UserStore(transaction);
      await users.lock(owner.id);
      const redeemed = await tokens.redeem(transaction, token, KINDS);
      if (redeemed?.userId !== owner.id) throw new AppError('invalid-token', TOKEN_FAULT);
      await users.confirm(owner.id, new Date(now()), passwordHash);
      await guard.forgetFailures(owner.id, transaction);
      await dependencies.sessions.end({ userId: owner.id }, 'password-changed', transaction);
    });
  }
}
