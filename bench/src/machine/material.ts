import { Buffer } from 'node:buffer';
import { createPublicKey, sign } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createAccessTokenIssuer, createKeyRing, generateSigningKeyPem, importSigningKey } from '@redoubt/auth';
import { Secret } from '@redoubt/secrets';
import type { TestServer } from '@redoubt/testing/contracts/servers';

import type { BackingServer, ServiceConfig } from '../contract/service-config.ts';
import { USER_ID } from '../contract/works.ts';

/** What all variants of a run share, made anew for it. */
export interface Material extends Pick<ServiceConfig, 'publicKeyPem' | 'signingKeyFile' | 'issuer' | 'audience'> {
  /** Of this run alone. */
  readonly directory: string;
  readonly database?: BackingServer;
  readonly sharedStore?: BackingServer;
}

/** Makes a directory, a key, and what the names of a token are. */
export async function createMaterial(): Promise<Material> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  const pem = await generateSigningKeyPem();
  const signingKeyFile = join(directory, 'signing-key.pem');
  await writeFile(signingKeyFile, pem.expose(), { mode: 0o400 });
  const publicKeyPem = createPublicKey(pem.expose()).export({ type: 'spki', format: 'pem' });
  return { directory, signingKeyFile, publicKeyPem, issuer: 'https://bench.example', audience: 'bench' };
}

/** Tokens of one user: of the service's own form, and with the `typ` that libraries of peers insist on. */
export interface Tokens {
  readonly own: string;
  readonly peer: string;
}

/** Makes fresh tokens; they live as long as the service lets any, so that each measurement asks for its own. */
export async function issueTokens({ issuer, audience, signingKeyFile }: Material): Promise<Tokens> {
  const pem = await readFile(signingKeyFile, 'utf8');
  const keyRing = createKeyRing({ keys: [await importSigningKey(Secret.of(pem))] });
  const issuing = createAccessTokenIssuer({ keyRing, issuer, audience });
  const authenticatedAt = Math.floor(Date.now() / 1000);
  const { token } = await issuing.issue({ userId: USER_ID, role: 'user', sessionId: 'bench-session', authenticatedAt });
  return { own: token, peer: signAsJwt(token, pem) };
}

/** The same claims under a plain header. */
function signAsJwt(token: string, pem: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'JWT' })).toString('base64url');
  const signed = `${header}.${token.split('.')[1] ?? ''}`;
  const signature = sign('sha256', Buffer.from(signed), { key: pem, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

/** Writes a server's password where its variants read it. */
export async function toBackingServer(
  { directory }: Material,
  name: string,
  { url, password }: Pick<TestServer, 'url' | 'password'>,
): Promise<BackingServer> {
  const passwordFile = join(directory, `${name}-password`);
  await writeFile(passwordFile, password?.expose() ?? '', { mode: 0o400 });
  return { url, passwordFile };
}
