import { randomBytes, randomUUID } from 'node:crypto';

import type { EdgeClient } from './edge-client.ts';
import { compose, succeeded } from './stack.ts';

/** Somebody who may do everything, with an access token of now. */
export interface Administrator {
  readonly email: string;
  readonly password: string;
  readonly authorization: string;
}

/** Makes an administrator as the README tells a person to: by the command, and the token that it prints. */
export async function createAdministrator(client: EdgeClient): Promise<Administrator> {
  const email = `admin-${randomUUID()}@mail.example`;
  const password = randomBytes(18).toString('base64url');
  const { stdout } = succeeded(await compose('run', '--rm', '--no-deps', '-T', 'api', 'create-administrator', email));
  const token = /"token":"([^"]+)"/.exec(stdout)?.[1];
  if (token === undefined) throw new Error('create-administrator printed no token');
  const reset = await client.post('/api/auth/password/reset', { token, newPassword: password });
  if (reset.status !== 204) throw new Error(`the token was refused: ${reset.status} ${reset.body}`);
  return { email, password, authorization: await signIn(client, { email, password }) };
}

/** Signs in; what comes back is the value of an `Authorization` header. */
async function signIn(
  client: EdgeClient,
  credentials: { readonly email: string; readonly password: string },
): Promise<string> {
  const { status, body } = await client.post('/api/auth/login', credentials);
  if (status !== 200) throw new Error(`the sign-in was refused: ${status} ${body}`);
  return `Bearer ${(JSON.parse(body) as { accessToken: string }).accessToken}`;
}
