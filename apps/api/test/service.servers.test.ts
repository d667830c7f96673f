import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createEmail, readBack, ServiceClient, walkThrough } from './support/journey.ts';
import { RealServers, type Replica } from './support/real-servers.ts';

let servers: RealServers;
let first: Replica;
let second: Replica;

beforeAll(async () => {
  servers = await RealServers.prepare();
  first = await servers.start();
  second = await servers.start();
});
afterAll(() => servers.close());

describe('the production bundle on PostgreSQL and Valkey', () => {
  it('takes a person from registration to a user whom the other replica reads', async () => {
    const path = await walkThrough(first.origin, servers.administrator, 'confirmed');
    expect(path).toMatch(/^\/api\/users\/[0-9a-f-]{36}$/);
    const admin = await new ServiceClient(second.origin).signIn(servers.administrator);
    await readBack(admin, path, path.split('/').at(-1) ?? '');
  });

  it('SR-45: keeps what mattered where an administrator reads it, whichever replica saw it', async () => {
    await new ServiceClient(second.origin).request('POST', '/api/auth/login', {
      email: createEmail(),
      password: 'x'.repeat(20),
    });
    const admin = await new ServiceClient(first.origin).signIn(servers.administrator);
    const { items } = (await (await admin.request('GET', '/api/admin/security-events?limit=100')).json()) as {
      items: { name: string }[];
    };
    const names = items.map(({ name }) => name);
    for (const name of ['sys_startup', 'user_created', 'authn_login_success', 'authn_login_fail'])
      expect(names).toContain(name);
  });

  it('compiles no schema at its start: the build has prepared them all', async () => {
    const { child } = await servers.start({ LOG_LEVEL: 'debug' });
    const line = child
      .output()
      .split('\n')
      .find((text) => text.includes('schemas compiled'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ schemas: 0 });
  });

  it('SR-51: shows no secret in anything that it wrote', () => {
    for (const { child } of [first, second]) {
      expect(child.output()).not.toContain(servers.administrator.password);
      expect(child.output()).not.toMatch(/PRIVATE KEY|eyJ/);
      for (const line of child.output().trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
  });
});
