import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Socket } from 'node:net';

import { expect, vi } from 'vitest';

import { API_IMAGE, containersOf, docker, PROJECT, succeeded } from '../../support/stack.ts';
import { GOOD_PORT, type LoneEdgeOptions, writeLoneEdgeFiles } from './lone-edge-files.ts';
import { askRaw, headerOf, type RawAnswer, type RawRequest } from './raw-answer.ts';
import { openConnection } from './raw-exchange.ts';

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
    const edge = new LoneEdge(`${PROJECT}-lone-${randomUUID()}`, writeLoneEdgeFiles(options));
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
