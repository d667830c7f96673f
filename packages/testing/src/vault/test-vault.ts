import { readFileSync } from 'node:fs';
import { readEnvironment } from '@redoubt/config';
import type { JsonObject } from './reply.ts';
import type { VaultAdminOptions } from './vault-admin.ts';
import { createVaultStandIn } from './vault-stand-in.ts';

const WHAT_TO_RUN =
  'A real server needs TEST_VAULT_URL (http or https on the loopback), TEST_VAULT_ROOT_TOKEN_FILE, TEST_POSTGRES_URL ' +
  'for the credentials that it makes, and TEST_VAULT_CACERT where its certificate is of no public authority.';

/** The server of a suite: a real one where the environment names it, and otherwise a stand-in. */
export interface TestVault extends VaultAdminOptions {
  readonly kind: 'stand-in' | 'real';
  /** What `database/config/…` is told: a PostgreSQL that the server makes users in. */
  readonly database: JsonObject;
  /** Stops a stand-in; a real server stays. */
  close(): Promise<void>;
}

/**
 * Opens the server that a suite runs against.
 *
 * @throws {Error} when the environment names a real one by half; the message says what is needed.
 */
export async function openTestVault(): Promise<TestVault> {
  const environment = readEnvironment();
  const { TEST_VAULT_URL: address } = environment;
  if (address !== undefined) return realVault(address, environment);
  const standIn = await createVaultStandIn();
  return {
    kind: 'stand-in',
    address: standIn.address,
    authority: standIn.authority,
    token: standIn.rootToken,
    database: { plugin_name: 'postgresql-database-plugin', allowed_roles: '*' },
    close: () => standIn.close(),
  };
}

function realVault(address: string, environment: Readonly<Record<string, string>>): TestVault {
  const { TEST_VAULT_ROOT_TOKEN_FILE: tokenFile, TEST_POSTGRES_URL: postgres, TEST_VAULT_CACERT: caFile } = environment;
  if (tokenFile === undefined || postgres === undefined) throw new Error(WHAT_TO_RUN);
  return {
    kind: 'real',
    address,
    token: readFileSync(tokenFile, 'utf8').trim(),
    ...(caFile === undefined ? {} : { authority: readFileSync(caFile, 'utf8') }),
    database: connectionTo(new URL(postgres)),
    close: () => Promise.resolve(),
  };
}

function connectionTo(url: URL): JsonObject {
  const { hostname, port, pathname } = url;
  return {
    plugin_name: 'postgresql-database-plugin',
    allowed_roles: '*',
    connection_url: `postgresql://{{username}}:{{password}}@${hostname}:${port}${pathname}?sslmode=disable`,
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
}
