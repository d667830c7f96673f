import { randomBytes, randomUUID } from 'node:crypto';

import { type ApiPaths, createServiceClient, type ServiceClient as TypedClient } from '@redoubt/api-client';
import { expect } from 'vitest';

/** Who signs in. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** A password that passes the policy, new each time. */
export function createPassword(): string {
  return randomBytes(18).toString('base64url');
}

/** An address that nobody has yet. */
export function createEmail(): string {
  return `person-${randomUUID()}@mail.example`;
}

/**
 * A client of a running service: `api` makes the requests that its document has, with their types; `request` makes any,
 * those that an honest client would not make too.
 */
export class ServiceClient {
  readonly api: TypedClient<ApiPaths>;
  readonly #origin: string;
  readonly #token: string | undefined;

  constructor(origin: string, token?: string) {
    this.#origin = origin;
    this.#token = token;
    this.api = createServiceClient<ApiPaths>({
      origin,
      send: fetch,
      ...(token === undefined ? {} : { accessToken: token }),
    });
  }

  request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(new URL(path, this.#origin), {
      method,
      headers: {
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** The same caller at another replica. */
  at(origin: string): ServiceClient {
    return new ServiceClient(origin, this.#token);
  }

  /** A client that speaks for the account; fails the test when the sign-in is refused. */
  async signIn(credentials: Credentials): Promise<ServiceClient> {
    const { data, response } = await this.api.POST('/api/auth/login', { body: credentials });
    expect(response.status).toBe(200);
    return new ServiceClient(this.#origin, data?.accessToken);
  }
}

/**
 * What a person does in the first ten minutes: register, sign in, let the administrator create a user, list, read it.
 * Answers the path of the created user, so that it can be read again after a restart.
 */
export async function walkThrough(
  origin: string,
  administrator: Credentials,
  registration: 'immediate' | 'confirmed',
): Promise<string> {
  const anybody = new ServiceClient(origin);
  const credentials = { email: createEmail(), password: createPassword() };
  const registered = await anybody.api.POST('/api/auth/register', { body: credentials });
  expect(registered.response.status).toBe(202);
  if (registration === 'immediate') {
    const person = await anybody.signIn(credentials);
    const { data: self } = await person.api.GET('/api/users/me');
    expect(self).toMatchObject({ email: credentials.email, role: 'user' });
    expect((await person.api.GET('/api/users')).response.status).toBe(403);
  } else {
    expect((await anybody.api.POST('/api/auth/login', { body: credentials })).response.status).toBe(401);
  }
  const admin = await anybody.signIn(administrator);
  const created = await admin.api.POST('/api/users', {
    params: { header: { 'idempotency-key': randomUUID() } },
    body: { email: createEmail(), age: 30 },
  });
  expect(created.response.status).toBe(201);
  const id = created.data?.id ?? '';
  const path = created.response.headers.get('location') ?? '';
  expect(path).toBe(`/api/users/${id}`);
  const { data: page } = await admin.api.GET('/api/users', { params: { query: { limit: 100 } } });
  expect(page?.items).toContainEqual(created.data);
  await readBack(admin, path, id);
  return path;
}

/** Reads a user that an earlier start created. */
export async function readBack(admin: ServiceClient, path: string, id: string): Promise<void> {
  expect(path).toBe(`/api/users/${id}`);
  const { data, response } = await admin.api.GET('/api/users/{id}', { params: { path: { id } } });
  expect(response.status).toBe(200);
  expect(data).toMatchObject({ id, role: 'user', age: 30 });
}
