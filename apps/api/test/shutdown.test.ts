import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ChildService, findFreePort, startChild, waitUntilReady } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const entry = join(import.meta.dirname, '..', 'src', 'dev.ts');

let directory: string;
let port: number;
let managementPort: number;
let child: ChildService;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shutdown-'));
  [port, managementPort] = [await findFreePort(), await findFreePort()];
  const environment = {
    PORT: String(port),
    MANAGEMENT_PORT: String(managementPort),
    LOCAL_DIRECTORY: directory,
    SHUTDOWN_DELAY_MS: '1000',
  };
  child = startChild(entry, environment);
  await waitUntilReady(child, `http://127.0.0.1:${managementPort}/health/ready`);
});
afterAll(async () => {
  child.process.kill('SIGKILL');
  await rm(directory, { recursive: true });
});

/** Sends the first half of a body, and the rest when told; resolves with the status. */
function signInSlowly(body: string): { finish: () => void; sent: Promise<void>; status: Promise<number> } {
  const { promise: status, resolve, reject } = Promise.withResolvers<number>();
  const { promise: sent, resolve: wasSent } = Promise.withResolvers<void>();
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  const request = httpRequest(
    { port, host: '127.0.0.1', path: '/api/auth/login', method: 'POST', headers },
    (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    },
  );
  request.on('error', reject);
  request.write(body.slice(0, 5), () => wasSent());
  return { finish: () => request.end(body.slice(5)), sent, status };
}

describe('SIGTERM', () => {
  it('SR-38: turns readiness off first, finishes what is in flight, and exits 0', async () => {
    const slow = signInSlowly(await readFile(join(directory, 'admin.json'), 'utf8').then((text) => text.trim()));
    await slow.sent;
    const exited = child.stop();
    await waitForStatus(`http://127.0.0.1:${managementPort}/health/ready`, 503);
    expect((await fetch(`http://127.0.0.1:${port}/.well-known/jwks.json`)).status).toBe(200);
    slow.finish();
    expect(await slow.status).toBe(200);
    expect(await exited).toBe(0);
    expect(child.output()).toContain('shutting down');
  });
});

/** Asks until the answer has the status; the test's own time limit is the bound. */
async function waitForStatus(url: string, status: number): Promise<void> {
  while ((await fetch(url)).status !== status);
}
