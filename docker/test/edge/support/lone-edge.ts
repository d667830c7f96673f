import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type CertificateContent,
  createTestAuthority,
  SERVER_AUTHENTICATION,
  type TestCertificate,
} from '@redoubt/testing';
import { expect, vi } from 'vitest';

import { API_IMAGE, containersOf, docker, PROJECT, succeeded } from '../../support/stack.ts';
import { askRaw, headerOf, type RawAnswer, type RawRequest } from './raw-answer.ts';
import { openConnection } from './raw-exchange.ts';

const nginxFolder = join(import.meta.dirname, '../../../../nginx');
const stubFile = join(import.meta.dirname, '../fixtures/stub-api.ts');

/** Where the stub listens with the certificate that an API has, and where with each that it must not have. */
const GOOD_PORT = 3000;
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

const PATIENCE = { timeout: 15_000, interval: 100 };

/**
 * The edge's own files in a container of their own, in front of a stub: for what the API never does, and for what would
 * harm the stack under test. Everything of it ends with the block that it was made in.
 */
export class LoneEdge implements AsyncDisposable {
  readonly #name: string;
  readonly #folder: string;
  #port = 0;

  private constructor(name: string, folder: string) {
    this.#name = name;
    this.#folder = folder;
  }

  static async start(options: LoneEdgeOptions = {}): Promise<LoneEdge> {
    const edge = new LoneEdge(`${PROJECT}-lone-${randomUUID()}`, writeFiles(options));
    try {
      await edge.#start(options);
    } catch (error) {
      const { stderr } = await docker('logs', `${edge.#name}-edge`);
      await edge[Symbol.asyncDispose]();
      throw new Error(`the edge did not start: ${stderr}`, { cause: error });
    }
    return edge;
  }

  async #start(options: LoneEdgeOptions): Promise<void> {
    succeeded(await docker('network', 'create', this.#name));
    succeeded(await docker(...stubCommand(this.#name, this.#folder)));
    succeeded(await docker(...(await edgeCommand(this.#name, this.#folder, options))));
    await this.#findPort();
  }

  /** Resolves once it answers. */
  async #findPort(): Promise<void> {
    const { stdout } = succeeded(await docker('port', `${this.#name}-edge`, '8443/tcp'));
    this.#port = Number(/:(\d+)/.exec(stdout)?.[1]);
    await vi.waitFor(() => this.ask({ path: '/metrics' }), PATIENCE);
  }

  /** Where it listens; another place after `restart`. */
  get port(): number {
    return this.#port;
  }

  /** Ends its processes, and starts it again with what is on the disk. */
  async restart(): Promise<void> {
    succeeded(await docker('restart', `${this.#name}-edge`));
    await this.#findPort();
  }

  /** Any certificate will do: this edge has one of its own authority, and nobody is between it and the test. */
  ask(request: RawRequest): Promise<RawAnswer> {
    return askRaw({ ...request, port: this.#port, trust: 'anybody' });
  }

  /** The bytes that the edge has written: its access log, and its errors. */
  async texts(): Promise<{ readonly stdout: string; readonly stderr: string }> {
    return succeeded(await docker('logs', `${this.#name}-edge`));
  }

  /** What the edge says of its cache for an answer. */
  async cacheOf(answer: RawAnswer): Promise<string> {
    const id = headerOf(answer, 'x-request-id') ?? '';
    return vi.waitFor(async () => {
      const line = (await this.texts()).stdout.split('\n').find((each) => each.includes(id));
      if (line === undefined) throw new Error('the edge has not logged it yet');
      return (JSON.parse(line) as { cache: string }).cache;
    }, PATIENCE);
  }

  /** A connection to it, for a test that asks more than once on one. */
  open(): Promise<Socket> {
    return openConnection({ port: this.#port, trust: 'anybody' });
  }

  /** Has it read its files again, as docker/renew.sh does; resolves once none of the old workers takes connections. */
  async reload(): Promise<void> {
    const old = await this.#workers();
    succeeded(await docker('exec', `${this.#name}-edge`, 'sh', '-c', 'kill -HUP "$(cat /tmp/nginx.pid)"'));
    await vi.waitFor(async () => {
      const now = await this.#workers();
      expect([now.length > 0, now.filter((pid) => old.includes(pid))]).toEqual([true, []]);
    }, PATIENCE);
  }

  /** The processes that take connections: not those that end. */
  async #workers(): Promise<readonly string[]> {
    const script = 'cd /proc && grep -l "^nginx: worker process[^i]*$" [0-9]*/cmdline';
    // Of a process that ends meanwhile, nothing can be read, which grep says in its exit code.
    const { stdout } = await docker('exec', `${this.#name}-edge`, 'sh', '-c', script);
    return stdout.split('\n').filter((line) => line !== '');
  }

  /** Asks the edge for its health as the stack under test asks its own; resolves to the exit code. */
  async checkHealth(): Promise<number> {
    const [running = ''] = await containersOf('edge');
    const format = '{{json .Config.Healthcheck.Test}}';
    const { stdout } = succeeded(await docker('inspect', '--format', format, running));
    const [, script = ''] = JSON.parse(stdout) as readonly [kind: 'CMD-SHELL', script?: string];
    return (await docker('exec', `${this.#name}-edge`, 'sh', '-c', script)).code;
  }

  /** Ends the API, as if it had never been. */
  async stopApi(): Promise<void> {
    succeeded(await docker('rm', '--force', `${this.#name}-api`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Of one that did not start, there may be nothing.
    await docker('rm', '--force', `${this.#name}-edge`, `${this.#name}-api`);
    await docker('network', 'rm', this.#name);
    rmSync(this.#folder, { recursive: true });
  }
}

function writeFiles({ certificate, profile = '', serverProfile = '' }: LoneEdgeOptions): string {
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

function stubCommand(name: string, folder: string): string[] {
  const mounts = [
    '--volume',
    `${folder}/stub-api.ts:/stub/stub-api.ts:ro`,
    '--volume',
    `${folder}/api:/run/secrets:ro`,
  ];
  const place = ['--name', `${name}-api`, '--network', name, '--network-alias', 'api', '--entrypoint', '/app/node'];
  return ['run', '--detach', ...place, ...mounts, API_IMAGE, '/stub/stub-api.ts', '/run/secrets'];
}

async function edgeCommand(name: string, folder: string, options: LoneEdgeOptions): Promise<string[]> {
  const [running = ''] = await containersOf('edge');
  // The image of the stack under test, whatever stands in for it.
  const { stdout: image } = succeeded(await docker('inspect', '--format', '{{.Config.Image}}', running));
  const variables = {
    NGINX_ENVSUBST_FILTER: '^EDGE_',
    NGINX_ENVSUBST_OUTPUT_DIR: '/tmp',
    NGINX_ENTRYPOINT_QUIET_LOGS: '1',
    EDGE_SERVER_NAME: 'localhost',
    EDGE_PUBLIC_PORT: '8443',
    EDGE_UPSTREAM: `api:${options.upstreamPort ?? GOOD_PORT}`,
    EDGE_RATE: '5000r/s',
    EDGE_AUTH_RATE: options.authRate ?? '5000r/s',
  };
  const environment = Object.entries(variables).flatMap((each) => ['--env', each.join('=')]);
  const volumes = [
    // As in the stack: read-only as a whole, and a profile is mounted into it.
    `${folder}/nginx:/etc/nginx:ro`,
    `${folder}/http:/etc/nginx/profiles/http:ro`,
    `${folder}/server:/etc/nginx/profiles/server:ro`,
    `${folder}/edge:/run/secrets:ro`,
  ].flatMap((volume) => ['--volume', volume]);
  const place = ['--name', `${name}-edge`, '--network', name, '--publish', '127.0.0.1::8443'];
  const hardened = ['--read-only', '--tmpfs', '/tmp:mode=1777', '--cap-drop', 'ALL', '--user', '101:101'];
  return ['run', '--detach', ...place, ...hardened, ...environment, ...volumes, image.trim()];
}
