import { Secret } from '../../secret.ts';
import { readCredential } from './credential-file.ts';
import { SecretIdSource } from './secret-id.ts';
import { type JsonObject, memberOf, objectIn, textIn, wholeNumberIn } from './vault-answer.ts';
import type { VaultClient } from './vault-client.ts';
import { isFault, VaultFault } from './vault-fault.ts';
import { SERVICE_ACCOUNT_TOKEN_FILE, type VaultAuth } from './vault-source-options.ts';
import { VaultToken, type VaultTokenGrant } from './vault-token.ts';

const MS_PER_SECOND = 1000;

/** What a header can carry, and no token is longer: a batch token has about 160 characters. */
const TOKEN = /^[\x21-\x7e]{1,4096}$/;

/** Proves who the service is, and gets a token for it. */
export type SignIn = (signal: AbortSignal) => Promise<VaultToken>;

/** Tells the time in milliseconds since 1970. */
export type Clock = () => number;

/**
 * Makes the sign-in of an auth method; files are read when it is called. It throws {@link VaultFault}: `sign-in-failed`
 * where the server does not accept the proof.
 */
export function createSignIn(client: VaultClient, auth: VaultAuth, now: Clock): SignIn {
  const prove = proofOf(client, auth, now);
  return async (signal) => {
    try {
      return await prove(signal);
    } catch (error) {
      throw isFault(error, 'access-denied', 'not-found') ? new VaultFault('sign-in-failed') : error;
    }
  };
}

function proofOf(client: VaultClient, auth: VaultAuth, now: Clock): SignIn {
  const login = (mount: string, body: Readonly<Record<string, string>>, signal: AbortSignal) =>
    logIn(client, { mount, body }, now, signal);
  switch (auth.method) {
    case 'kubernetes':
    case 'jwt': {
      const { method, mount = method, role, jwtFile = SERVICE_ACCOUNT_TOKEN_FILE } = auth;
      return async (signal) => {
        // Kubernetes writes it with mode 0644 where a pod names no user; it lives for an hour or less.
        const jwt = await readCredential(jwtFile, 'anybody', signal);
        return login(mount, { role, jwt: jwt.expose() }, signal);
      };
    }
    case 'approle': {
      const { method, mount = method, roleId } = auth;
      const secretIds = new SecretIdSource(client, auth.secretId);
      return async (signal) => {
        const secretId = await secretIds.read(signal);
        return login(mount, { role_id: roleId, secret_id: secretId.expose() }, signal);
      };
    }
    case 'token':
      return (signal) => lookUp(client, auth.token, now, signal);
  }
}

async function logIn(
  client: VaultClient,
  { mount, body }: { readonly mount: string; readonly body: Readonly<Record<string, string>> },
  now: Clock,
  signal: AbortSignal,
): Promise<VaultToken> {
  const askedAtMs = now();
  const answer = await client.send({ method: 'POST', path: `auth/${mount}/login`, body }, signal);
  const auth = objectIn(answer, 'auth');
  const value = textIn(auth, 'client_token');
  if (!TOKEN.test(value)) throw new VaultFault('malformed-answer');
  return new VaultToken(Secret.of(value), 'service', grantIn(auth), askedAtMs);
}

/** What becomes of a token that is there already: the server says how long it lasts. */
async function lookUp(client: VaultClient, token: Secret, now: Clock, signal: AbortSignal): Promise<VaultToken> {
  const askedAtMs = now();
  const answer = await client.send({ method: 'GET', path: 'auth/token/lookup-self', token }, signal);
  const data = objectIn(answer, 'data');
  const grant = toGrant(wholeNumberIn(data, 'ttl'), memberOf(data, 'renewable'));
  return new VaultToken(token, 'developer', grant, askedAtMs);
}

/**
 * The grant of a login or a renewal.
 *
 * @throws {VaultFault} `malformed-answer`
 */
export function grantIn(auth: JsonObject): VaultTokenGrant {
  return toGrant(wholeNumberIn(auth, 'lease_duration'), memberOf(auth, 'renewable'));
}

function toGrant(seconds: number, renewable: unknown): VaultTokenGrant {
  return { ttlMs: seconds * MS_PER_SECOND, renewal: renewable === true ? 'renewable' : 'final' };
}
