import type { Server } from '@redoubt/server';
import { AccessMatrix, type CustomGrants, matrixAdapters, matrixOptions } from '@redoubt/service/testing';

import { roles } from '../../src/access.ts';
import type { UserRow } from '../../src/users/user-store.ts';
import { createTestApp } from './test-app.ts';

/** Ids in the path of this route are of sessions; its own query finds those of the caller alone. */
const OWN_SESSION = '/api/auth/sessions/:id';

/** The service with an account of each role, whose every route is called by everybody. */
export async function createMatrix(
  addRoutes: (app: Server) => void = () => undefined,
  custom: CustomGrants = {},
): Promise<AccessMatrix<UserRow>> {
  const service = await createTestApp(matrixAdapters(), matrixOptions);
  return AccessMatrix.create<UserRow>({
    service,
    roles,
    addRoutes,
    custom,
    people: {
      // A foreign id is one of an account that exists, so that 404 cannot be the truth.
      create: (role) => service.createUser(role as UserRow['role']),
      idFor: async ({ url }, user) => (url === OWN_SESSION ? (await service.openSession(user)).id : user.id),
      /** A refresh is public, and is let in by a cookie alone. */
      headersFor: async ({ url }, other) =>
        url === '/api/auth/refresh' ? (await service.openSession(other)).refresh : {},
      /** Only users have sessions; a service is refused by the rule itself. */
      outcomeOf: ({ url }, subject) => (url === OWN_SESSION && subject === 'foreign' ? 404 : undefined),
    },
  });
}
