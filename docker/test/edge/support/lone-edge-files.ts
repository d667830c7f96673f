import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type CertificateContent,
  createTestAuthority,
  SERVER_AUTHENTICATION,
  type TestCertificate,
} from '@redoubt/testing';

const nginxFolder = join(import.meta.dirname, '../../../../nginx');
const stubFile = join(import.meta.dirname, '../fixtures/stub-api.ts');

/** Where the stub listens with the certificate that an API has. */
export const GOOD_PORT = 3000;

/** Where it listens with each that an API must not have. */
export const badPorts = {
  'another name': 3001,
  'a foreign authority': 3002,
  'a date in the past': 3003,
  'no TLS': 3999,
};

/** Certificates that no client takes from the edge. */
export const badCertificates = ['another name', 'a foreign authority', 'a date in the past'] as const;

/** How a lone edge differs from that of compose.yaml. */
export interface LoneEdgeOptions {
  /** What it shows to clients; absent: what they expect. */
  readonly certificate?: (typeof badCertificates)[number];
  readonly upstreamPort?: number;
  readonly authRate?: string;
  /** What stands in `/etc/nginx/profiles/http`. */
  readonly profile?: string;
  /** What stands in `/etc/nginx/profiles/server`. */
  readonly serverProfile?: string;
}

/** Writes what the containers of a lone edge are mounted with, into a folder that the caller removes. */
export function writeLoneEdgeFiles({ certificate, profile = '', serverProfile = '' }: LoneEdgeOptions): string {
  const folder = mkdtempSync(join(tmpdir(), 'lone-edge-'));
  cpSync(nginxFolder, join(folder, 'nginx'), { recursive: true });
  cpSync(stubFile, join(folder, 'stub-api.ts'));
  for (const part of ['edge', 'api', 'http', 'server', 'nginx/profiles/http', 'nginx/profiles/server'])
    mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'http/test.conf'), profile);
  writeFileSync(join(folder, 'server/test.conf'), serverProfile);
  const [server, client, foreign] = [createTestAuthority(), createTestAuthority(), createTestAuthority()];
  const write = (certificateFile: string, keyFile: string, issued: TestCertificate): void => {
    writeFileSync(join(folder, certificateFile), issued.certificate);
    writeFileSync(join(folder, keyFile), issued.key);
  };
  const writeApi = (port: number, issued: TestCertificate) => write(`api/${port}.pem`, `api/${port}.key`, issued);
  writeFileSync(join(folder, 'edge/server-authority.pem'), server.certificate);
  writeFileSync(join(folder, 'api/client-authority.pem'), client.certificate);
  writeFileSync(join(folder, 'edge/authority.pem'), server.certificate);
  const past = { ...named('localhost'), validToMs: Date.now() - 1000 };
  const shown = {
    'another name': () => server.issue(named('billing')),
    'a foreign authority': () => foreign.issue(named('localhost')),
    'a date in the past': () => server.issue(past),
  };
  const issue = certificate === undefined ? () => server.issue(named('localhost')) : shown[certificate];
  write('edge/tls-certificate.pem', 'edge/tls-key.pem', issue());
  write('edge/client-certificate.pem', 'edge/client-key.pem', client.issue());
  writeApi(GOOD_PORT, server.issue(named('api')));
  writeApi(badPorts['another name'], server.issue(named('billing')));
  writeApi(badPorts['a foreign authority'], foreign.issue(named('api')));
  writeApi(badPorts['a date in the past'], server.issue({ ...named('api'), validToMs: Date.now() - 1000 }));
  // Read by the users of two images, whatever the umask was, and by nobody for long.
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  return folder;
}

function named(name: string): CertificateContent {
  return { usages: [SERVER_AUTHENTICATION], names: [{ kind: 'dns', value: name }] };
}
