import { anyOf, owner, permission, signedIn } from '@redoubt/auth';
import { AppError, callerOf, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

import type { AppDependencies, AppOptions } from '../app-dependencies.ts';
import { AccountMail } from '../mail/account-mail.ts';
import { cutPage, PageQuery, pageOf } from '@redoubt/service';
import { AccountEvents } from '../security-events/account-events.ts';
import { normalizeEmailAddress } from './email-address.ts';
import { NewUser, toUser, User } from './user.ts';
import { UserStore } from './user-store.ts';

const UserParams = Type.Object({ id: Type.String({ format: 'uuid' }) }, { additionalProperties: false });

/** Accounts: one's own for everybody, all of them for those who may read or write users. */
export function addUserRoutes(app: Server, dependencies: AppDependencies, options: AppOptions): void {
  const users = new UserStore(dependencies.database.kysely);
  const mail = new AccountMail(dependencies, options);
  const events = new AccountEvents(dependencies);

  app.get('/api/users/me', { access: signedIn(), schema: { response: { 200: User } } }, async (request) => {
    const row = await users.findById(callerOf(request).userId);
    if (row === undefined) throw new AppError('not-found');
    return toUser(row);
  });

  app.get(
    '/api/users/:id',
    { access: anyOf(owner('id'), permission('users:read')), schema: { params: UserParams, response: { 200: User } } },
    async (request) => {
      const row = await users.findById(request.params.id);
      if (row === undefined) throw new AppError('not-found');
      return toUser(row);
    },
  );

  app.get(
    '/api/users',
    { access: permission('users:read'), schema: { querystring: PageQuery, response: { 200: pageOf(User) } } },
    async ({ query }) => cutPage(await users.list(query.limit + 1, query.cursor), query.limit, toUser),
  );

  app.post(
    '/api/users',
    { access: permission('users:write'), idempotency: 'required', schema: { body: NewUser, response: { 201: User } } },
    async (request, reply) => {
      const { email, role, age } = request.body;
      const row = await new UserStore(dependencies.idempotency.transactionOf(request)).insert({
        id: dependencies.createId(),
        email: normalizeEmailAddress(email),
        role,
        age,
        createdAt: new Date(dependencies.now()),
      });
      if (row === undefined) throw new AppError('conflict');
      // What was rolled back did not happen, and is not there to be invited.
      dependencies.idempotency.afterCommit(request, () => {
        events.userCreated(request, row, callerOf(request).userId);
        if (options.localPasswords === 'on')
          dependencies.outbox.afterAnswer(reply, () => mail.sendInvitation(normalizeEmailAddress(row.email)));
      });
      reply.code(201).header('location', `/api/users/${row.id}`);
      return toUser(row);
    },
  );
}
