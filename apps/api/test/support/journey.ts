import { randomBytes, randomUUID } from 'node:crypto';

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

/** A client of a running service: plain requests, as any client would make them. */
export class ServiceClient {
  readonly #origin: string;
  readonly #token: string | undefined;

  constructor(origin: string, token?: string) {
    this.#origin = origin;
    this.#token = token;
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
    const response = await this.request('POST', '/api/auth/login', credentials);
    expect(response.status).toBe(200);
    const { accessToken } = (await response.json()) as { accessToken: string };
    return new ServiceClient(this.#origin, accessToken);
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
  expect((await anybody.request('POST', '/api/auth/register', credentials)).status).toBe(202);
  if (registration === 'immediate') {
    const person = await anybody.signIn(credentials);
    expect(await (await person.request('GET', '/api/users/me')).json()).toMatchObject({
      email: credentials.email,
      role: 'user',
    });
    expect((await person.request('GET', '/api/users')).status).toBe(403);
  } else {
    expect((await anybody.request('POST', '/api/auth/login', credentials)).status).toBe(401);
  }
  const admin = await anybody.signIn(administrator);
  const key = { 'idempotency-key': randomUUID() };
  const created = await admin.request('POST', '/api/users', { email: createEmail(), age: 30 }, key);
  expect(created.status).toBe(201);
  const user = (await created.json()) as { id: string };
  const path = created.headers.get('location') ?? '';
  expect(path).toBe(`/api/users/${user.id}`);
  const { items } = (await (await admin.request('GET', '/api/users?limit=100')).json()) as { items: { id: string }[] };
  expect(items).toContainEqual(user);
  await readBack(admin, path, user.id);
  return path;
}

/** Reads a user that an earlier start created. */
export async function readBack(admin: ServiceClient, path: string, id: string): Promise<void> {
  const response = await admin.request('GET', path);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ id, role: 'user', age: 30 });
}
