import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ChildService, findFreePort, startChild, waitUntilReady } from '@redoubt/testing';
import { afterEach, describe, expect, it } from 'vitest';

const entry = join(import.meta.dirname, '..', 'src', 'dev.ts');
const crashingEntry = join(import.meta.dirname, 'support', 'crashing-service.ts');

interface Service {
  readonly child: ChildService;
  readonly directory: string;
  readonly port: number;
  readonly origin: string;
  readonly readiness: string;
}

const services: Service[] = [];

async function start(delayMs: number, service = entry): Promise<Service> {
  const directory = await mkdtemp(join(tmpdir(), 'shutdown-'));
  const [port, managementPort] = [await findFreePort(), await findFreePort()];
  const child = startChild(service, {
    PORT: String(port),
    MANAGEMENT_PORT: String(managementPort),
    LOCAL_DIRECTORY: directory,
    SHUTDOWN_DELAY_MS: String(delayMs),
  });
  const origin = `http://127.0.0.1:${port}`;
  const readiness = `http://127.0.0.1:${managementPort}/health/ready`;
  const started = { child, directory, port, origin, readiness };
  services.push(started);
  // Whoever crashes may be gone before anybody has asked.
  if (service === entry) await waitUntilReady(child, readiness);
  return started;
}

afterEach(async () => {
  for (const { child, directory } of services.splice(0)) {
    child.process.kill('SIGKILL');
    await child.exited;
    await rm(directory, { recursive: true });
  }
});

/** Sends the first half of a body, and the rest when told; resolves with the status. */
function signInSlowly(
  port: number,
  body: string,
): { finish: () => void; sent: Promise<void>; status: Promise<number> } {
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

function readCredentials({ directory }: Service): Promise<string> {
  return readFile(join(directory, 'admin.json'), 'utf8').then((text) => text.trim());
}

describe('SIGTERM', () => {
  it('SR-38: turns readiness off while it still serves, for load balancers to notice, and exits 0', async () => {
    const service = await start(1000);
    const exited = service.child.stop();
    await until(async () => (await fetch(service.readiness)).status === 503);
    expect((await fetch(`${service.origin}/.well-known/jwks.json`)).status).toBe(200);
    expect(await exited).toBe(0);
  });

  it('SR-38: ends each connection with its answer while it leaves, and none before', async () => {
    const service = await start(1000);
    const before = await fetch(`${service.origin}/.well-known/jwks.json`);
    const exited = service.child.stop();
    await until(async () => (await fetch(service.readiness)).status === 503);
    const after = await fetch(`${service.origin}/.well-known/jwks.json`);
    expect([before, after].map(({ headers }) => headers.get('connection'))).toEqual(['keep-alive', 'close']);
    expect(await exited).toBe(0);
  });

  it('SR-38: finishes what is in flight after it has stopped listening', async () => {
    const service = await start(0);
    const slow = signInSlowly(service.port, await readCredentials(service));
    await slow.sent;
    const exited = service.child.stop();
    await until(() => isRefused(service.origin));
    slow.finish();
    expect(await slow.status).toBe(200);
    expect(await exited).toBe(0);
    expect(service.child.output()).toContain('shutting down');
  });

  it('SR-45: is an event, and so was the start, each in the log once', async () => {
    const service = await start(0);
    await service.child.stop();
    expect(eventsIn(service)).toEqual(['sys_startup', 'sys_shutdown']);
  });
});

describe('an error that nobody catches', () => {
  it('SR-38, SR-45: is logged, drained and an event; the process exits with 1', async () => {
    const service = await start(0, crashingEntry);
    expect(await service.child.exited).toBe(1);
    expect(service.child.output()).toContain('nobody caught this');
    expect(eventsIn(service)).toEqual(['sys_startup', 'sys_crash']);
  });
});

function eventsIn({ child }: Service): string[] {
  return [...child.output().matchAll(/\b(sys_[a-z]+)\b/g)].map(([name]) => name);
}

/** Asks until it is so; the test's own time limit is the bound. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}

function isRefused(origin: string): Promise<boolean> {
  return fetch(origin).then(
    () => false,
    () => true,
  );
}
