import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createFaultProxy,
  createTestAuthority,
  type FaultProxy,
  loopbackServer,
  openTestVault,
  type TestVault,
  VaultAdmin,
} from '@redoubt/testing';
import {
  createSecretSources,
  parseSecretReference,
  type SecretProvider,
  type SecretReference,
  type VaultAuth,
  type VaultSourceOptions,
} from '../../../src/index.ts';
import { VaultProvider } from '../../../src/providers/vault/vault-provider.ts';

/** A provider as production has it, the way that its requests go, and its server's administrator. */
export interface ProviderUnderTest {
  readonly provider: SecretProvider<'vault'>;
  readonly proxy: FaultProxy;
  close(): Promise<void>;
}

/** How a provider is opened for a test. */
export interface OpenOptions {
  readonly namespace?: string;
  /** The provider's clock, where it is not the system's. */
  readonly now?: () => number;
}

/** Seconds: long enough for any test, unless its clock is its own. */
const TOKEN_TTL = 600;
const LEASE_TERMS = { ttl: 300, maxTtl: 3600 };

/** A server with mounts of its own for one test file, and what a service needs to sign in to it. */
export class VaultUnderTest {
  readonly server: TestVault;
  readonly admin: VaultAdmin;
  /** The folder of files that a provider reads; gone at the end. */
  readonly folder: string;
  /** Of this test file alone: a real server may have been used before. */
  readonly kv = `kv-${randomBytes(6).toString('hex')}`;
  readonly database = `db-${randomBytes(6).toString('hex')}`;
  readonly approle = `approle-${randomBytes(6).toString('hex')}`;
  readonly policy = `policy-${randomBytes(6).toString('hex')}`;
  readonly #authority = createTestAuthority();
  readonly #open = new Set<ProviderUnderTest>();

  constructor(server: TestVault, folder: string, admin = new VaultAdmin(server)) {
    this.server = server;
    this.folder = folder;
    this.admin = admin;
  }

  /** Opens the server, with KV version 2, a database engine, an AppRole mount, and a policy that allows to read both. */
  static async start(openServer: () => Promise<TestVault> = openTestVault): Promise<VaultUnderTest> {
    const folder = await mkdtemp(join(tmpdir(), 'vault-provider-'));
    const vault = new VaultUnderTest(await openServer(), folder);
    await vault.prepare(vault.admin);
    return vault;
  }

  /** Mounts all that in the namespace of an administrator. */
  async prepare(admin: VaultAdmin): Promise<void> {
    await admin.mountKv(this.kv, '2');
    await admin.send('POST', `sys/mounts/${this.database}`, { type: 'database' });
    await admin.send('POST', `${this.database}/config/main`, this.server.database);
    await admin.enableAuth(this.approle, 'approle');
    await this.allow(admin);
  }

  /** Lets the policy read everything of the mounts, but for the documents that are denied. */
  async allow(admin: VaultAdmin = this.admin, denied: readonly string[] = []): Promise<void> {
    await admin.putPolicy(this.policy, {
      [`${this.kv}/data/*`]: ['read'],
      [`${this.database}/creds/*`]: ['read'],
      ...Object.fromEntries(denied.map((name) => [`${this.kv}/data/${name}`, ['deny']])),
    });
  }

  /** A role of the database engine that makes users who may connect. */
  async createDatabaseRole(
    name: string,
    { ttl, maxTtl }: { readonly ttl: number; readonly maxTtl: number } = LEASE_TERMS,
  ): Promise<void> {
    await this.admin.send('POST', `${this.database}/roles/${name}`, {
      db_name: 'main',
      creation_statements: [`CREATE ROLE "{{name}}" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';`],
      default_ttl: ttl,
      max_ttl: maxTtl,
    });
  }

  /** An AppRole with this policy, and the proof of it. */
  async createRole(
    terms: Readonly<Record<string, unknown>> = {},
    admin: VaultAdmin = this.admin,
  ): Promise<{ readonly name: string; readonly auth: VaultAuth & { readonly method: 'approle' } }> {
    const name = `role-${randomBytes(6).toString('hex')}`;
    const role = { token_policies: [this.policy], token_ttl: TOKEN_TTL, ...terms };
    const roleId = await admin.createAppRole(this.approle, name, role);
    const file = await this.writeFile(name, await admin.createSecretId(this.approle, name));
    return { name, auth: { method: 'approle', mount: this.approle, roleId, secretId: { file } } };
  }

  /** Writes a file that its owner alone may read. */
  async writeFile(name: string, content: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, `${content}\n`, { mode: 0o400 });
    return path;
  }

  /** Opens a provider with its own way to the server: by https, under the rules of production. */
  async openProvider(auth: VaultAuth, { namespace, now }: OpenOptions = {}): Promise<ProviderUnderTest> {
    const { address, authority } = this.server;
    const upstream = { url: address, ...(authority === undefined ? {} : { ca: authority }) };
    const proxy = await createFaultProxy({ upstream, tls: this.#authority.issue(loopbackServer) });
    const caFile = join(this.folder, 'authority.pem');
    await writeFile(caFile, this.#authority.certificate);
    const options = { address: proxy.url, caFile, auth, ...(namespace === undefined ? {} : { namespace }) };
    const provider = now === undefined ? await inProduction(options) : new VaultProvider(options, { now });
    const opened: ProviderUnderTest = {
      provider,
      proxy,
      close: async () => {
        this.#open.delete(opened);
        await provider.close?.();
        await proxy.close();
      },
    };
    this.#open.add(opened);
    return opened;
  }

  async stop(): Promise<void> {
    await Promise.all(Array.from(this.#open, (opened) => opened.close()));
    await this.admin.close();
    await this.server.close();
    await rm(this.folder, { recursive: true });
  }
}

/** A reference as a setting has it. */
export function vaultReference(path: string, field = 'password'): SecretReference<'vault'> {
  const reference = parseSecretReference(`vault://${path}#${field}`);
  if (reference.scheme !== 'vault') throw new TypeError('The reference is one to Vault');
  return reference;
}

/** Reads that nobody ends. */
export function unending(): { readonly signal: AbortSignal } {
  return { signal: new AbortController().signal };
}

function inProduction(vault: VaultSourceOptions): Promise<SecretProvider<'vault'>> {
  return createSecretSources({ environment: {}, mode: 'production', vault }).providerOf(vaultReference('any/path'));
}
