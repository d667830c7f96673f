import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { ServiceClient } from './support/journey.ts';
import { RealServers, type Replica } from './support/real-servers.ts';

const HOUR_MS = 3_600_000;
/** Longest that a signal may take to be acted on. */
const PICKUP_MS = 10_000;

let servers: RealServers;
let replica: Replica;

beforeAll(async () => {
  servers = await RealServers.prepare();
  replica = await servers.start();
});
afterAll(() => servers.close());

async function publishedKeys(): Promise<number> {
  const response = await fetch(new URL('/.well-known/jwks.json', replica.origin));
  return ((await response.json()) as { keys: unknown[] }).keys.length;
}

describe('the signing keys of the production bundle', () => {
  it('SR-52: are read again at SIGHUP, without a restart and without a refused token', async () => {
    const admin = await new ServiceClient(replica.origin).signIn(servers.administrator);
    expect(await publishedKeys()).toBe(1);
    await servers.addSigningKey(new Date(Date.now() + HOUR_MS));
    replica.child.process.kill('SIGHUP');
    await vi.waitUntil(async () => (await publishedKeys()) === 2, PICKUP_MS);
    expect((await admin.request('GET', '/api/users/me')).status).toBe(200);
    await new ServiceClient(replica.origin).signIn(servers.administrator);
  });

  it('SR-52: stay when the next one would sign too soon', async () => {
    await servers.addSigningKey(new Date(Date.now() + 1000));
    replica.child.process.kill('SIGHUP');
    await vi.waitUntil(() => replica.child.output().includes('stay as they are'), PICKUP_MS);
    expect(await publishedKeys()).toBe(2);
    expect(replica.child.output()).not.toContain('PRIVATE KEY');
  });
});
