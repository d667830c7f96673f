import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { createPasswordHasher, generateSigningKeyPem } from '@redoubt/auth';
import { createUuidV7 } from '@redoubt/logging';
import { Secret } from '@redoubt/secrets';
import { createRoles, DEFAULT_ROLES } from '@redoubt/storage';
import {
  type ChildService,
  createTcpProxy,
  findFreePort,
  startChild,
  type TcpProxy,
  waitUntilReady,
} from '@redoubt/testing';
import { readServers } from '@redoubt/testing/contracts/servers';
import { asSuperuser } from '@redoubt/testing/contracts/test-database';
import { sql } from 'kysely';

import { normalizeEmailAddress } from '../../src/users/email-address.ts';
import { UserStore } from '../../src/users/user-store.ts';
import { createPassword, type Credentials } from './journey.ts';

/** The bundle, as production runs it. */
const bundle = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

const POSTGRES_PORT = 5432;
const VALKEY_PORT = 6379;

/** A replica of the service in a process of its own. */
export interface Replica {
  readonly child: ChildService;
  readonly origin: string;
  readonly management: string;
}

/**
 * The production bundle over real servers: a database of its own with its roles, secrets in files, and a wire to each
 * server that a test can cut.
 */
export class RealServers {
  readonly administrator: Credentials = { email: `admin-${randomUUID()}@mail.example`, password: createPassword() };
  readonly postgresWire: TcpProxy;
  readonly valkeyWire: TcpProxy;
  readonly #name: string;
  readonly #directory: string;
  readonly #replicas: Replica[] = [];

  private constructor(name: string, directory: string, postgresWire: TcpProxy, valkeyWire: TcpProxy) {
    this.#name = name;
    this.#directory = directory;
    this.postgresWire = postgresWire;
    this.valkeyWire = valkeyWire;
  }

  /** Creates the database and the secrets, migrates with the bundle, and stores an administrator. */
  static async prepare(): Promise<RealServers> {
    const { postgres, valkey } = readServers();
    const servers = new RealServers(
      `test_${randomBytes(8).toString('hex')}`,
      await mkdtemp(join(tmpdir(), 'service-')),
      await createTcpProxy(addressOf(postgres.url, POSTGRES_PORT)),
      await createTcpProxy(addressOf(valkey.url, VALKEY_PORT)),
    );
    await servers.#createDatabase();
    await servers.#writeSecret('signing-key', await generateSigningKeyPem());
    if (valkey.password !== undefined) await servers.#writeSecret('valkey-password', valkey.password);
    await servers.#migrate();
    await servers.#storeAdministrator();
    return servers;
  }

  /** Appends a key to the secret with the signing keys. */
  async addSigningKey(signsFrom: Date): Promise<void> {
    const instant = signsFrom.toISOString().replace(/\.\d+Z$/, 'Z');
    const next = await generateSigningKeyPem();
    const path = join(this.#directory, 'signing-key');
    const secret = `${await readFile(path, 'utf8')}\nSigns-From: ${instant}\n${next.expose()}`;
    await rm(path);
    await this.#writeSecret('signing-key', Secret.of(secret));
  }

  /** Starts one more replica and waits until it is ready; `changes` are settings of its own. */
  async start(changes: Readonly<Record<string, string>> = {}): Promise<Replica> {
    const [port, managementPort] = [await findFreePort(), await findFreePort()];
    const { valkey } = readServers();
    const environment = {
      PORT: String(port),
      MANAGEMENT_PORT: String(managementPort),
      PUBLIC_URL: 'https://api.service.example',
      TOKEN_AUDIENCE: 'service',
      SECURITY_CONTACT: 'mailto:security@service.example',
      MAIL_URL: 'smtps://127.0.0.1:1',
      MAIL_FROM: 'service@service.example',
      ALLOWED_HOSTS: '127.0.0.1',
      SHUTDOWN_DELAY_MS: '0',
      // Raised: all files of a run ask from one address, more often than an honest client, and share one store.
      RATE_LIMIT_ANONYMOUS_MAX: '100000',
      RATE_LIMIT_SIGN_IN_MAX: '100000',
      SIGNING_KEY: this.#secretUrl('signing-key'),
      DATABASE_URL: this.#databaseUrl(DEFAULT_ROLES.runtime),
      DATABASE_PASSWORD: this.#secretUrl('runtime-password'),
      VALKEY_URL: `redis://127.0.0.1:${this.valkeyWire.port}`,
      ...(valkey.username === undefined ? {} : { VALKEY_USERNAME: valkey.username }),
      ...(valkey.password === undefined ? {} : { VALKEY_PASSWORD: this.#secretUrl('valkey-password') }),
      ...changes,
    };
    const child = startChild(bundle, environment);
    const replica = { child, origin: `http://127.0.0.1:${port}`, management: `http://127.0.0.1:${managementPort}` };
    this.#replicas.push(replica);
    await waitUntilReady(child, `${replica.management}/health/ready`);
    return replica;
  }

  async close(): Promise<void> {
    await Promise.all(this.#replicas.map(({ child }) => child.stop()));
    await Promise.all([this.postgresWire.close(), this.valkeyWire.close()]);
    await asSuperuser('postgres', (admin) =>
      sql`drop database ${sql.id(this.#name)} with (force)`.execute(admin.kysely),
    );
    await rm(this.#directory, { recursive: true });
  }

  async #createDatabase(): Promise<void> {
    const passwords = { migratorPassword: randomPassword(), runtimePassword: randomPassword() };
    await asSuperuser('postgres', (admin) => sql`create database ${sql.id(this.#name)}`.execute(admin.kysely));
    await asSuperuser(this.#name, (database) => createRoles({ database, ...passwords }));
    await this.#writeSecret('migrator-password', passwords.migratorPassword);
    await this.#writeSecret('runtime-password', passwords.runtimePassword);
  }

  async #migrate(): Promise<void> {
    const environment = {
      MIGRATION_DATABASE_URL: this.#databaseUrl(DEFAULT_ROLES.migrator),
      MIGRATION_DATABASE_PASSWORD: this.#secretUrl('migrator-password'),
    };
    const child = startChild(bundle, environment, ['migrate']);
    if ((await child.exited) !== 0) throw new Error(`the migrations failed:\n${child.output()}`);
  }

  async #storeAdministrator(): Promise<void> {
    const passwordHash = await createPasswordHasher().rehash(this.administrator.password);
    await asSuperuser(this.#name, async ({ kysely }) => {
      const users = new UserStore(kysely);
      const createdAt = new Date();
      const email = normalizeEmailAddress(this.administrator.email);
      await users.insert({ id: createUuidV7(), email, role: 'admin', passwordHash, createdAt, confirmedAt: createdAt });
    });
  }

  async #writeSecret(name: string, secret: Secret): Promise<void> {
    const path = join(this.#directory, name);
    await writeFile(path, secret.expose());
    await chmod(path, 0o400);
  }

  #secretUrl(name: string): string {
    return pathToFileURL(join(this.#directory, name)).href;
  }

  #databaseUrl(role: string): string {
    return `postgres://${role}@127.0.0.1:${this.postgresWire.port}/${this.#name}`;
  }
}

function addressOf(url: string, defaultPort: number): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: port === '' ? defaultPort : Number(port) };
}

function randomPassword(): Secret {
  return Secret.of(randomBytes(24).toString('base64url'));
}
