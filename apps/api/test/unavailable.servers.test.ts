import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ServiceClient } from './support/journey.ts';
import { RealServers, type Replica } from './support/real-servers.ts';

let servers: RealServers;
let replica: Replica;
let admin: ServiceClient;

beforeAll(async () => {
  servers = await RealServers.prepare();
  replica = await servers.start();
  admin = await new ServiceClient(replica.origin).signIn(servers.administrator);
});
afterAll(() => servers.close());

async function readiness(): Promise<{ status: number; failed: string[] }> {
  const response = await fetch(`${replica.management}/health/ready`);
  const { dependencies } = (await response.json()) as { dependencies: { name: string; status: string }[] };
  return {
    status: response.status,
    failed: dependencies.filter(({ status }) => status === 'failed').map(({ name }) => name),
  };
}

/** Asks until it is so; the test's own time limit is the bound. */
async function untilReady(): Promise<void> {
  while ((await readiness()).status !== 200);
}

describe('while a server is away', () => {
  it('PostgreSQL: what needs it answers 503 and when to come back, the rest goes on, and it heals by itself', async () => {
    await servers.postgresWire.cut();
    const refused = await admin.request('GET', '/api/users');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect((await admin.request('GET', '/.well-known/jwks.json')).status).toBe(200);
    expect((await fetch(`${replica.management}/health/live`)).status).toBe(200);
    expect(await readiness()).toEqual({ status: 503, failed: ['database'] });
    await servers.postgresWire.restore();
    await untilReady();
    expect((await admin.request('GET', '/api/users')).status).toBe(200);
  });

  it('Valkey: nobody can say who was signed out, so signed-in routes answer 503, and it heals by itself (SR-30)', async () => {
    expect((await admin.request('GET', '/api/users/me')).status).toBe(200);
    await servers.valkeyWire.cut();
    expect(await readiness()).toEqual({ status: 503, failed: ['shared store'] });
    const refused = await admin.request('GET', '/api/users/me');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await admin.request('GET', '/.well-known/jwks.json')).status).toBe(200);
    await servers.valkeyWire.restore();
    await untilReady();
    expect((await admin.request('GET', '/api/users/me')).status).toBe(200);
  });

  it('tells a client nothing of why', async () => {
    await servers.postgresWire.cut();
    const body = await (await admin.request('GET', '/api/users')).text();
    expect(body).not.toMatch(/ECONN|postgres|127\.0\.0\.1|select/i);
    await servers.postgresWire.restore();
    await untilReady();
  });
});
