import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createEmail, createPassword, ServiceClient } from './support/journey.ts';
import { RealServers, type Replica } from './support/real-servers.ts';

let servers: RealServers;
let replica: Replica;

beforeAll(async () => {
  servers = await RealServers.prepare();
  replica = await servers.start();
});
afterAll(() => servers.close());

/** The JSON that the command tells a person to send. */
function bodyIn(stdout: string): { token: string; newPassword: string } {
  const line = stdout.split('\n').find((each) => each.startsWith('  {')) ?? '';
  return JSON.parse(line) as { token: string; newPassword: string };
}

describe('main.js create-administrator', () => {
  it('SR-56: lets the first administrator in: its token chooses a password once, by the call that it prints', async () => {
    const credentials = { email: createEmail(), password: createPassword() };
    const { code, stdout } = await servers.run(['create-administrator', credentials.email]);
    expect(code).toBe(0);
    expect(stdout).toContain('curl --fail-with-body --json @- https://api.service.example/api/auth/password/reset\n');
    const { token } = bodyIn(stdout);

    const anybody = new ServiceClient(replica.origin);
    const choose = async (newPassword: string): Promise<number> =>
      (await anybody.request('POST', '/api/auth/password/reset', { token, newPassword })).status;
    expect(await choose(credentials.password)).toBe(204);
    expect(await choose(createPassword())).toBe(400);

    const administrator = await anybody.signIn(credentials);
    const { items } = (await (await administrator.request('GET', '/api/admin/security-events?limit=50')).json()) as {
      items: { name: string }[];
    };
    const names = items.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['user_created', 'authz_change', 'alert_role_grant']));
  });

  it('SR-43: shows the token on stdout, and writes no token, address or password to the log', async () => {
    const email = createEmail();
    const { stdout, stderr } = await servers.run(['create-administrator', email], { LOG_LEVEL: 'debug' });
    expect(stderr).toContain('"securityEvent"');
    expect(stderr).not.toContain(bodyIn(stdout).token);
    for (const secret of [email, ...servers.writtenSecrets]) expect(stdout + stderr).not.toContain(secret);
  });

  it('SR-56: run a second time gives another token, until a password is chosen', async () => {
    const email = createEmail();
    const [first, second] = [
      await servers.run(['create-administrator', email]),
      await servers.run(['create-administrator', email]),
    ];
    expect([first.code, second.code]).toEqual([0, 0]);
    const { token } = bodyIn(second.stdout);
    expect(token).not.toBe(bodyIn(first.stdout).token);
    const chosen = await new ServiceClient(replica.origin).request('POST', '/api/auth/password/reset', {
      token,
      newPassword: createPassword(),
    });
    expect(chosen.status).toBe(204);
    const third = await servers.run(['create-administrator', email]);
    expect([third.code, third.stdout]).toEqual([1, '']);
  });

  it('SR-1: ends with 1 for the address of a user, who stays one', async () => {
    const email = createEmail();
    const anybody = new ServiceClient(replica.origin);
    await anybody.request('POST', '/api/auth/register', { email, password: createPassword() });
    const { code, stdout, stderr } = await servers.run(['create-administrator', email]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('no administrator');
    const { role } = await servers.asSuperuser((kysely) =>
      kysely.selectFrom('users').select('role').where('email', '=', email).executeTakeFirstOrThrow(),
    );
    expect(role).toBe('user');
  });

  it.each([[[]], [['nobody']], [['a@b@service.example']]])('ends with 64 for %j, which is no address', async (args) => {
    const { code, stdout } = await servers.run(['create-administrator', ...args]);
    expect([code, stdout]).toEqual([64, '']);
  });

  it('SR-15: ends with 78 where accounts do not sign in with passwords', async () => {
    const settings = { LOCAL_PASSWORDS: 'off', TRUSTED_ISSUERS_FILE: '/run/issuers.json' };
    const { code, stderr } = await servers.run(['create-administrator', createEmail()], settings);
    expect([code, stderr]).toEqual([78, expect.stringContaining('LOCAL_PASSWORDS')]);
  });

  it('SR-53: ends with 78 where the service itself would not start for its settings', async () => {
    const { code } = await servers.run(['create-administrator', createEmail()], { PUBLIC_URL: 'http://api.example' });
    expect(code).toBe(78);
  });
});
