import { describe, expect, expectTypeOf, it } from 'vitest';

import { type ApiPaths, createServiceClient } from '../src/index.ts';

/** A service that answers everything alike, and keeps what it was asked. */
function createPeer(status: number, body: object) {
  const asked: Request[] = [];
  const send = (request: Request): Promise<Response> => {
    asked.push(request);
    return Promise.resolve(Response.json(body, { status }));
  };
  return { asked, send };
}

describe('a client', () => {
  const user = { id: 'one', email: 'one@mail.example', role: 'user', createdAt: '2026-01-01T00:00:00.000Z' };

  it('asks for the path of the document, with its parameters and in the name of the token', async () => {
    const { asked, send } = createPeer(200, user);
    const client = createServiceClient<ApiPaths>({ origin: 'https://service.example', send, accessToken: 'a.b.c' });
    const { data } = await client.GET('/api/users/{id}', { params: { path: { id: 'a/b' } } });
    expect(asked[0]?.url).toBe('https://service.example/api/users/a%2Fb');
    expect(asked[0]?.headers.get('authorization')).toBe('Bearer a.b.c');
    expect(data).toEqual(user);
    expectTypeOf(data?.role).toEqualTypeOf<'user' | 'admin' | undefined>();
  });

  it('sends no token that it does not have, and a body as JSON', async () => {
    const { asked, send } = createPeer(202, { status: 'accepted' });
    const client = createServiceClient<ApiPaths>({ origin: 'https://service.example', send });
    await client.POST('/api/auth/password/forgot', { body: { email: 'one@mail.example' } });
    expect(asked[0]?.headers.get('authorization')).toBeNull();
    expect(asked[0]?.headers.get('content-type')).toBe('application/json');
    expect(await asked[0]?.json()).toEqual({ email: 'one@mail.example' });
  });

  it('gives a problem as an error, with its type, and no data', async () => {
    const { send } = createPeer(401, { type: 't', title: 'Who?', status: 401, requestId: 'r' });
    const client = createServiceClient<ApiPaths>({ origin: 'https://service.example', send });
    const { data, error, response } = await client.GET('/api/users/me');
    expect(data).toBeUndefined();
    expect(response.status).toBe(401);
    expect(error?.title).toBe('Who?');
    expectTypeOf(error?.requestId).toEqualTypeOf<string | undefined>();
  });
});
