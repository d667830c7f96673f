import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
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
  type TestCertificate,
  waitUntilReady,
} from '@redoubt/testing';
import { readServers } from '@redoubt/testing/contracts/servers';
import { asSuperuser } from '@redoubt/testing/contracts/test-database';
import { type Kysely, sql } from 'kysely';

import type { DatabaseSchema } from '../../src/database-schema.ts';
import { normalizeEmailAddress } from '../../src/users/email-address.ts';
import { UserStore } from '../../src/users/user-store.ts';
import { createPassword, type Credentials } from './journey.ts';

/** The bundle, as production runs it. */
const bundle = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

const DAY_MS = 24 * 60 * 60 * 1000;
const POSTGRES_PORT = 5432;
const VALKEY_PORT = 6379;

/** A replica of the service in a process of its own. */
export interface Replica {
  readonly child: ChildService;
  readonly origin: string;
  readonly management: string;
}

/** How a replica is started, beside its settings. */
export interface StartOptions {
  /** Default: the wire that all have in common. */
  readonly postgresWire?: TcpProxy;
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
}

/**
 * The production bundle over real servers: a database of its own with its roles, secrets in files, and a wire to each
 * server that a test can cut.
 */
export class RealServers {
  readonly administrator = createAdministratorCredentials();
  readonly postgresWire: TcpProxy;
  readonly valkeyWire: TcpProxy;
  readonly #name: string;
  readonly #directory: string;
  readonly #replicas: Replica[] = [];
  readonly #wires: TcpProxy[] = [];
  readonly #written: string[] = [];

  private constructor(name: string, directory: string, postgresWire: TcpProxy, valkeyWire: TcpProxy) {
    this.#name = name;
    this.#directory = directory;
    this.postgresWire = postgresWire;
    this.valkeyWire = valkeyWire;
    this.#wires.push(postgresWire, valkeyWire);
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
    await servers.#writeSilences();
    await servers.#createDatabase();
    await servers.#writeSecret('signing-key', await generateSigningKeyPem());
    if (valkey.password !== undefined) await servers.#writeSecret('valkey-password', valkey.password);
    await servers.#migrate();
    await servers.#storeAdministrator(servers.administrator);
    return servers;
  }

  /** Appends a key to the secret with the signing keys. */
  async addSigningKey(signsFrom: Date): Promise<void> {
    const instant = signsFrom.toISOString().replace(/\.\d+Z$/, 'Z');
    const next = await generateSigningKeyPem();
    const path = join(this.#directory, 'signing-key');
    const secret = `${await readFile(path, 'utf8')}\nSigns-From: ${instant}\n${next.expose()}`;
    await this.#writeSecret('signing-key', Secret.of(secret));
  }

  /** Gives the service's role a new password, in the database and then in its secret; the old one opens nothing more. */
  async rotateRuntimePassword(): Promise<void> {
    const runtimePassword = randomPassword();
    await asSuperuser(this.#name, (database) => createRoles({ database, runtimePassword }));
    await this.#writeSecret('runtime-password', runtimePassword);
  }

  /** Stores one more administrator. */
  async createAdministrator(): Promise<Credentials> {
    const credentials = createAdministratorCredentials();
    await this.#storeAdministrator(credentials);
    return credentials;
  }

  /** Does in the database what the service cannot do, or must not be asked about itself. */
  asSuperuser<Result>(act: (kysely: Kysely<DatabaseSchema>) => Promise<Result>): Promise<Result> {
    return asSuperuser(this.#name, ({ kysely }) => act(kysely as unknown as Kysely<DatabaseSchema>));
  }

  /** A wire to PostgreSQL of its own: what happens on it meets only the replica that is started with it. */
  async openPostgresWire(): Promise<TcpProxy> {
    const wire = await createTcpProxy(addressOf(readServers().postgres.url, POSTGRES_PORT));
    this.#wires.push(wire);
    return wire;
  }

  /** Ends every connection of the service's role, as a restart of the database would. */
  async endSessions(): Promise<void> {
    await asSuperuser(this.#name, ({ kysely }) =>
      sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${DEFAULT_ROLES.runtime}`.execute(
        kysely,
      ),
    );
  }

  /** Puts a certificate, its key and the authority of clients where a TLS listener looks, in place of the last ones. */
  async installTls({ certificate, key }: TestCertificate, clientAuthority: string): Promise<void> {
    await this.#writeSecret('tls-key', Secret.of(key));
    await this.#writeSecret('certificate.pem', Secret.of(certificate));
    await this.#writeSecret('client-ca.pem', Secret.of(clientAuthority));
  }

  /** The settings of a listener with what {@link installTls} installed, for peers that come as this edge. */
  tlsSettings(edge: string): Readonly<Record<string, string>> {
    return {
      TLS_CERTIFICATE_FILE: join(this.#directory, 'certificate.pem'),
      TLS_KEY: this.#secretUrl('tls-key'),
      TLS_CLIENT_CA_FILE: join(this.#directory, 'client-ca.pem'),
      ALLOWED_EDGES: edge,
    };
  }

  /** The settings of a replica that reaches its servers by other ports: their addresses, and its secrets in files. */
  settingsBy(ports: { readonly postgres: number; readonly valkey: number }): Readonly<Record<string, string>> {
    return {
      DATABASE_URL: this.#databaseUrl(DEFAULT_ROLES.runtime, { port: ports.postgres }),
      VALKEY_URL: `rediss://127.0.0.1:${ports.valkey}`,
      SIGNING_KEY: this.#secretUrl('signing-key'),
      DATABASE_PASSWORD: this.#secretUrl('runtime-password'),
      VALKEY_PASSWORD: this.#secretUrl('valkey-password'),
    };
  }

  /** Every secret that was ever written, as text. */
  get writtenSecrets(): readonly string[] {
    return this.#written;
  }

  /** What the bundle's own look at the service says, as a machine reads it. */
  async examine(): Promise<{ code: number | null; output: string }> {
    const child = startChild(bundle, this.#environment(0, 0), ['doctor', '--json']);
    return { code: await child.exited, output: child.output() };
  }

  /** Runs a command of the bundle with the settings of a replica, and further ones, to its end. */
  async run(
    args: readonly string[],
    settings: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
    const child = startChild(bundle, { ...this.#environment(0, 0), ...settings }, args);
    const [stdout, stderr] = [collect(child.process.stdout), collect(child.process.stderr)];
    return { code: await child.exited, stdout: await stdout, stderr: await stderr };
  }

  /** Starts one more replica, with further settings, and waits until it is ready. */
  async start(
    settings: Readonly<Record<string, string>> = {},
    { postgresWire = this.postgresWire, nodeOptions = [] }: StartOptions = {},
  ): Promise<Replica> {
    const [port, managementPort] = [await findFreePort(), await findFreePort()];
    const environment = {
      ...this.#environment(port, managementPort),
      DATABASE_URL: this.#databaseUrl(DEFAULT_ROLES.runtime, postgresWire),
      ...settings,
    };
    const child = startChild(bundle, environment, [], nodeOptions);
    const replica = { child, origin: `http://127.0.0.1:${port}`, management: `http://127.0.0.1:${managementPort}` };
    this.#replicas.push(replica);
    await waitUntilReady(child, `${replica.management}/health/ready`);
    return replica;
  }

  #environment(port: number, managementPort: number): Record<string, string> {
    const { valkey } = readServers();
    return {
      PORT: String(port),
      MANAGEMENT_PORT: String(managementPort),
      PUBLIC_URL: 'https://api.service.example',
      TOKEN_AUDIENCE: 'service',
      SECURITY_CONTACT: 'mailto:security@service.example',
      MAIL_URL: 'smtps://127.0.0.1:1',
      MAIL_FROM: 'service@service.example',
      ALLOWED_HOSTS: '127.0.0.1',
      SHUTDOWN_DELAY_MS: '0',
      SELF_CHECK_SILENCES_FILE: this.#silencesFile,
      // Raised: all files of a run ask from one address, more often than an honest client, and share one store.
      RATE_LIMIT_ANONYMOUS_MAX: '100000',
      RATE_LIMIT_SIGN_IN_MAX: '100000',
      RATE_LIMIT_REFRESH_MAX: '100000',
      RATE_LIMIT_SIGNED_IN_MAX: '100000',
      SIGN_IN_ADDRESS_FAILURES_MAX: '100000',
      SIGNING_KEY: this.#secretUrl('signing-key'),
      DATABASE_URL: this.#databaseUrl(DEFAULT_ROLES.runtime),
      DATABASE_PASSWORD: this.#secretUrl('runtime-password'),
      DATABASE_TLS: 'off',
      VALKEY_URL: `redis://127.0.0.1:${this.valkeyWire.port}`,
      ...(valkey.username === undefined ? {} : { VALKEY_USERNAME: valkey.username }),
      ...(valkey.password === undefined ? {} : { VALKEY_PASSWORD: this.#secretUrl('valkey-password') }),
    };
  }

  /** Runs the verifier of the audit table, as the role that the service has. */
  async verifyAudit(...expectedHead: string[]): Promise<{ code: number | null; output: string }> {
    const environment = {
      AUDIT_DATABASE_URL: this.#databaseUrl(DEFAULT_ROLES.runtime),
      AUDIT_DATABASE_PASSWORD: this.#secretUrl('runtime-password'),
      DATABASE_TLS: 'off',
    };
    const child = startChild(bundle, environment, ['verify-audit', ...expectedHead]);
    return { code: await child.exited, output: child.output() };
  }

  async close(): Promise<void> {
    await Promise.all(this.#replicas.map(({ child }) => child.stop()));
    await Promise.all(this.#wires.map((wire) => wire.close()));
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
      DATABASE_TLS: 'off',
    };
    const child = startChild(bundle, environment, ['migrate']);
    if ((await child.exited) !== 0) throw new Error(`the migrations failed:\n${child.output()}`);
  }

  async #storeAdministrator({ email, password }: Credentials): Promise<void> {
    const passwordHash = await createPasswordHasher().rehash(password);
    await this.asSuperuser(async (kysely) => {
      const account = { id: createUuidV7(), email: normalizeEmailAddress(email), role: 'admin', passwordHash } as const;
      const createdAt = new Date();
      await new UserStore(kysely).insert({ ...account, createdAt, confirmedAt: createdAt });
    });
  }

  get #silencesFile(): string {
    return join(this.#directory, 'silences.json');
  }

  /**
   * What cannot be otherwise here: a container of a CI has root alone, and its store one user. Written once, before anything
   * starts: a replica that reads while it is written again finds half a file.
   */
  async #writeSilences(): Promise<void> {
    const until = new Date(Date.now() + DAY_MS).toISOString().slice(0, 10);
    const reason = 'a throwaway server of a test run on the loopback';
    const ids = ['RD-070', 'RD-071', 'RD-072', 'RD-074', 'RD-075', 'RD-077', 'RD-095'];
    await writeFile(this.#silencesFile, JSON.stringify(ids.map((id) => ({ id, reason, until }))));
  }

  async #writeSecret(name: string, secret: Secret): Promise<void> {
    const path = join(this.#directory, name);
    const next = `${path}.next`;
    await writeFile(next, secret.expose());
    await chmod(next, 0o400);
    // As a mounted secret changes: at once.
    await rename(next, path);
    this.#written.push(secret.expose());
  }

  #secretUrl(name: string): string {
    return pathToFileURL(join(this.#directory, name)).href;
  }

  #databaseUrl(role: string, { port }: Pick<TcpProxy, 'port'> = this.postgresWire): string {
    return `postgres://${role}@127.0.0.1:${port}/${this.#name}`;
  }
}

function addressOf(url: string, defaultPort: number): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: port === '' ? defaultPort : Number(port) };
}

async function collect(stream: Readable | null): Promise<string> {
  return stream === null ? '' : text(stream);
}

function createAdministratorCredentials(): Credentials {
  return { email: `admin-${randomUUID()}@mail.example`, password: createPassword() };
}

function randomPassword(): Secret {
  return Secret.of(randomBytes(24).toString('base64url'));
}
