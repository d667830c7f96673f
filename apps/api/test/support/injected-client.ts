import { type ApiPaths, createServiceClient, type ServiceClient } from '@redoubt/api-client';

import type { UserRow } from '../../src/users/user-store.ts';
import type { TestApp } from './test-app.ts';

/** The typed client of a service under test, whose requests go in without a socket, in the name of the user. */
export async function apiOf(service: TestApp, user: UserRow): Promise<ServiceClient<ApiPaths>> {
  const headers = await service.as(user);
  return createServiceClient<ApiPaths>({
    origin: 'http://localhost',
    send: async (request) => {
      const { pathname, search } = new URL(request.url);
      const body = await request.text();
      const answer = await service.app.inject({
        method: request.method as 'GET',
        url: `${pathname}${search}`,
        headers: { ...Object.fromEntries(request.headers), ...headers },
        ...(body === '' ? {} : { payload: body }),
      });
      const answered = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as [string, string]);
      return new Response(answer.body === '' ? null : answer.body, { status: answer.statusCode, headers: answered });
    },
  });
}
