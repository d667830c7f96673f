import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { createPassword, ServiceClient } from './support/journey.ts';
import { RealServers, type Replica } from './support/real-servers.ts';

let servers: RealServers;
let replicas: Replica[];

beforeAll(async () => {
  servers = await RealServers.prepare();
  replicas = [await servers.start(), await servers.start()];
});
afterAll(() => servers.close());

function alerts(name: string): number {
  return replicas.flatMap(({ child }) => [...child.output().matchAll(new RegExp(`"name":"${name}"`, 'g'))]).length;
}

describe('detections on two replicas of the production bundle', () => {
  it('SR-46: count together, and tell once', async () => {
    const { email } = servers.administrator;
    for (let index = 0; index < 14; index += 1) {
      const { origin = '' } = replicas[index % replicas.length] ?? {};
      await new ServiceClient(origin).request('POST', '/api/auth/login', { email, password: createPassword() });
    }
    await vi.waitUntil(() => alerts('alert_password_guessing') > 0, 10_000);
    await Promise.all(replicas.map(({ child }) => child.stop()));
    expect(alerts('alert_password_guessing')).toBe(1);
  });
});
