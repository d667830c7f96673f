import { allOf, permission, recentSignIn } from '@redoubt/auth';
import { AppError, callerOf, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import type { Transaction } from 'kysely';

import type { AppDependencies } from '../app-dependencies.ts';
import type { DatabaseSchema } from '../database-schema.ts';
import { AccountEvents } from '../security-events/account-events.ts';
import { toUser, User, type UserPatch, UserPatchInput } from './user.ts';
import { type UserChanges, type UserRow, UserStore } from './user-store.ts';

const UserParams = Type.Object({ id: Type.String({ format: 'uuid' }) }, { additionalProperties: false });

/** What administrators change of an account. What ends a right acts on the account's very next request (SR-7). */
export function addUserChangeRoutes(app: Server, dependencies: AppDependencies): void {
  const { database, sessions, now } = dependencies;

  app.patch(
    '/api/users/:id',
    {
      access: allOf(permission('users:write'), recentSignIn({ now })),
      schema: { params: UserParams, body: UserPatchInput, response: { 200: User } },
    },
    async (request) => {
      const { id } = request.params;
      const change = await database.kysely
        .transaction()
        .execute((transaction) => changeUser(transaction, id, request.body));
      report(request, change, dependencies);
      return toUser(change.after);
    },
  );

  async function changeUser(transaction: Transaction<DatabaseSchema>, id: string, patch: UserPatch): Promise<Change> {
    const users = new UserStore(transaction);
    const locked = await users.lockWithAdministrators(id);
    const before = locked.find((row) => row.id === id);
    if (before === undefined) throw new AppError('not-found');
    const after = await users.update(id, toChanges(patch, before, new Date(now())));
    const others = locked.filter((row) => row.id !== id);
    // Nobody could appoint the next one.
    if (isAdministrator(before) && !isAdministrator(after) && others.length === 0) throw new AppError('conflict');
    if (after.disabled_at !== null) await sessions.end({ userId: id }, 'account-disabled', transaction);
    else if (after.role !== before.role) await sessions.renewAccess(id, transaction);
    return { before, after };
  }
}

interface Change {
  readonly before: UserRow;
  readonly after: UserRow;
}

function isAdministrator({ role, disabled_at: disabledAt }: UserRow): boolean {
  return role === 'admin' && disabledAt === null;
}

/** An account that is disabled already keeps its date. */
function toChanges({ role, age, disabled }: UserPatch, before: UserRow, now: Date): UserChanges {
  return {
    ...(role === undefined ? {} : { role }),
    ...(age === undefined ? {} : { age }),
    ...(disabled === undefined ? {} : { disabledAt: disabled ? (before.disabled_at ?? now) : null }),
  };
}

function report(request: FastifyRequest, { before, after }: Change, dependencies: AppDependencies): void {
  const events = new AccountEvents(dependencies);
  if (after.role !== before.role) events.roleChanged(request, after.id, { from: before.role, to: after.role });
  const user = { id: after.id, actorId: callerOf(request).userId };
  events.userUpdated(request, user, { change: 'by-administrator', disabled: after.disabled_at !== null });
}
