import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

import { type ChildService, findFreePort, startChild, waitUntilReady } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { commandBlock } from './support/command-block.ts';
import { type Credentials, readBack, ServiceClient, walkThrough } from './support/journey.ts';

const entry = join(import.meta.dirname, '..', 'src', 'dev.ts');

let directory: string;
let environment: Record<string, string>;
let origin: string;
let management: string;
let child: ChildService;

async function start(): Promise<void> {
  child = startChild(entry, environment);
  await waitUntilReady(child, `${management}/health/ready`);
}

async function readAdministrator(): Promise<Credentials> {
  return JSON.parse(await readFile(join(directory, 'admin.json'), 'utf8')) as Credentials;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dev-'));
  const [port, managementPort] = [await findFreePort(), await findFreePort()];
  origin = `http://127.0.0.1:${port}`;
  management = `http://127.0.0.1:${managementPort}`;
  environment = { PORT: String(port), MANAGEMENT_PORT: String(managementPort), LOCAL_DIRECTORY: directory };
  await start();
});
afterAll(async () => {
  await child.stop();
  await rm(directory, { recursive: true });
});

describe('a development start', () => {
  it('takes a person from registration to an administrator who creates users, and keeps it all over a restart', async () => {
    const administrator = await readAdministrator();
    const path = await walkThrough(origin, administrator, 'immediate');
    expect(child.output()).toContain(administrator.password);

    expect(await child.stop()).toBe(0);
    await start();
    const admin = await new ServiceClient(origin).signIn(administrator);
    await readBack(admin, path, path.split('/').at(-1) ?? '');
    expect(child.output()).not.toContain(administrator.password);
  });

  it('SR-51: keeps what it makes for the developer alone', async () => {
    for (const file of ['admin.json', 'signing-key.pem']) {
      expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
    }
  });

  it('tells of itself on the management listener only', async () => {
    expect(await (await fetch(`${management}/health/live`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${management}/health/ready`)).json()).toMatchObject({
      status: 'ok',
      dependencies: [{ status: 'ok' }, { status: 'ok' }],
    });
    expect(await (await fetch(`${management}/metrics`)).text()).toContain('http_request_duration_seconds');
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      expect((await fetch(origin + path)).status).toBe(404);
  });

  it('SR-74: shows the API in the reference', async () => {
    const document = (await (await fetch(`${origin}/openapi.json`)).json()) as { paths: Record<string, unknown> };
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/api/users', '/api/users/{id}', '/api/auth/login']),
    );
    expect((await fetch(`${origin}/docs`)).headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  it.each([
    ['README.md', 'curl', '"accessToken":'],
    ['docs/guides/respond-to-an-incident.md', 'TOKEN=', '"name":"sys_startup"'],
    ['docs/guides/rotate-a-key.md', 'curl', '"keys":'],
  ])('answers the commands of %s', async (document, firstLine, answer) => {
    const script = commandBlock(document, firstLine)
      .replaceAll('http://127.0.0.1:3000', origin)
      .replaceAll('@.local/', '@');
    const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: directory, env });
    expect(stdout).toContain(answer);
  });
});
