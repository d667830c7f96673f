import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Environment, ReportDocument } from '@redoubt/config';
import {
  CLIENT_AUTHENTICATION,
  createTestAuthority,
  loopbackServer,
  type TestAuthority,
  type TestCertificate,
} from '@redoubt/testing';

import { fillProfile } from './filled-profile.ts';
import { RealServers, type Replica } from './real-servers.ts';
import { createTlsFront, type TlsFront } from './tls-front.ts';

/** How the edge is named in its certificate. */
export const EDGE = 'spiffe://service.test/edge';

/** The bundle as a profile has it: real servers behind TLS, and an authority for everything that has to prove who it is. */
export class ProfileServers {
  readonly real: RealServers;
  readonly authority: TestAuthority;
  readonly #directory: string;
  readonly #fronts: readonly [postgres: TlsFront, valkey: TlsFront];

  private constructor(real: RealServers, authority: TestAuthority, directory: string, fronts: [TlsFront, TlsFront]) {
    this.real = real;
    this.authority = authority;
    this.#directory = directory;
    this.#fronts = fronts;
  }

  static async prepare(): Promise<ProfileServers> {
    const [real, authority] = [await RealServers.prepare(), createTestAuthority()];
    const certificate = authority.issue(loopbackServer);
    const fronts: [TlsFront, TlsFront] = [
      await createTlsFront('postgres', real.postgresWire.port, certificate),
      await createTlsFront('tls', real.valkeyWire.port, certificate),
    ];
    const servers = new ProfileServers(real, authority, await mkdtemp(join(tmpdir(), 'profile-')), fronts);
    await servers.write('authority.pem', authority.certificate);
    return servers;
  }

  /** Writes a file that its owner alone may read; answers its path. */
  async write(name: string, content: string): Promise<string> {
    const path = join(this.#directory, name);
    await writeFile(path, content, { mode: 0o400 });
    return path;
  }

  /** The profile's file, filled in with these servers and what the test says, and the authority for what it leaves open. */
  async settings(profile: string, changes: Environment = {}): Promise<Environment> {
    const [postgres, valkey] = this.#fronts.map(({ port }) => port) as [number, number];
    const authority = join(this.#directory, 'authority.pem');
    const trust = { DATABASE_CA_FILE: authority, VALKEY_CA_FILE: authority };
    const servers = this.real.settingsBy({ postgres, valkey });
    const { VALKEY_PASSWORD: password = '' } = servers;
    const filled = await fillProfile(profile, { ...servers, ...trust, ...changes });
    return { VALKEY_PASSWORD: password, ...trust, ...filled };
  }

  /** The settings of a listener that admits the edge alone. */
  async mutualTls(): Promise<Environment> {
    const { certificate, key } = this.authority.issue(loopbackServer);
    return {
      TLS_CERTIFICATE_FILE: await this.write('certificate.pem', certificate),
      TLS_KEY: `file://${await this.write('tls-key', key)}`,
      TLS_CLIENT_CA_FILE: join(this.#directory, 'authority.pem'),
      ALLOWED_EDGES: EDGE,
    };
  }

  /** A certificate of a peer that has this name. */
  peer(value: string): TestCertificate {
    return this.authority.issue({ usages: [CLIENT_AUTHENTICATION], names: [{ kind: 'uri', value }] });
  }

  /** The values of the secrets that a replica has in files, by their settings. */
  async secrets(): Promise<Readonly<Record<string, string>>> {
    const { SIGNING_KEY, DATABASE_PASSWORD, VALKEY_PASSWORD } = this.real.settingsBy({ postgres: 0, valkey: 0 });
    const references = Object.entries({ SIGNING_KEY, DATABASE_PASSWORD, VALKEY_PASSWORD });
    const read = references.map(async ([name, url = '']) => [name, await readFile(new URL(url), 'utf8')] as const);
    return Object.fromEntries(await Promise.all(read));
  }

  start(settings: Environment): Promise<Replica> {
    return this.real.start(settings);
  }

  /** What the bundle's doctor says of these settings and this profile. */
  async examine(profile: string, settings: Environment): Promise<{ code: number | null; document: ReportDocument }> {
    const { code, stdout, stderr } = await this.real.run(['doctor', '--profile', profile, '--json'], settings);
    if (stderr !== '') throw new Error(`the doctor failed:\n${stderr}`);
    return { code, document: JSON.parse(stdout) as ReportDocument };
  }

  async close(): Promise<void> {
    await this.real.close();
    await Promise.all(this.#fronts.map((front) => front.close()));
    await rm(this.#directory, { recursive: true });
  }
}
