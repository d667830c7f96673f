import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ServiceClient } from './support/journey.ts';
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

interface Tokens {
  readonly cookie: string;
  readonly accessToken: string;
}

async function tokensOf(response: Response): Promise<Tokens> {
  expect(response.status).toBe(200);
  const { accessToken } = (await response.json()) as { accessToken: string };
  const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
  return { cookie, accessToken };
}

async function signIn({ origin }: Replica): Promise<Tokens> {
  return tokensOf(await new ServiceClient(origin).request('POST', '/api/auth/login', servers.administrator));
}

function refresh({ origin }: Replica, { cookie }: Tokens): Promise<Response> {
  return fetch(new URL('/api/auth/refresh', origin), {
    method: 'POST',
    headers: { cookie, 'x-requested-with': 'test' },
  });
}

async function statusAt({ origin }: Replica, { accessToken }: Tokens): Promise<number> {
  return (await new ServiceClient(origin, accessToken).request('GET', '/api/users/me')).status;
}

describe('sessions on two replicas of the production bundle', () => {
  it('SR-8: 20 refreshes at once make one successor, and all get it', async () => {
    const tokens = await signIn(first);
    const granted = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => tokensOf(await refresh(index % 2 ? first : second, tokens))),
    );
    expect(new Set(granted.map(({ cookie }) => cookie)).size).toBe(1);
    expect(granted[0]?.cookie).not.toBe(tokens.cookie);
    const next = granted[0] ?? tokens;
    expect((await refresh(second, next)).status).toBe(200);
  });

  it('SR-7: a sign-out is known to the other replica by its next request, each of 20 times', async () => {
    for (let round = 0; round < 20; round += 1) {
      const tokens = await signIn(first);
      expect(await statusAt(second, tokens)).toBe(200);
      const ended = await new ServiceClient(first.origin, tokens.accessToken).request('POST', '/api/auth/logout');
      expect(ended.status).toBe(204);
      expect(await statusAt(second, tokens)).toBe(401);
      expect(await statusAt(first, tokens)).toBe(401);
    }
  });

  it('SR-7: a sign-out is known to a replica that was cut off from the messages, and to one that starts later', async () => {
    const tokens = await signIn(first);
    expect(await statusAt(second, tokens)).toBe(200);
    // Both replicas lose their connections, the remembered answers with them, and find new ones.
    await servers.valkeyWire.cut();
    await servers.valkeyWire.restore();
    const admin = new ServiceClient(first.origin, tokens.accessToken);
    let ended = await admin.request('POST', '/api/auth/logout');
    while (ended.status === 503) ended = await admin.request('POST', '/api/auth/logout');
    expect(ended.status).toBe(204);
    let status = await statusAt(second, tokens);
    while (status === 503) status = await statusAt(second, tokens);
    expect(status).toBe(401);
    const third = await servers.start();
    expect(await statusAt(third, tokens)).toBe(401);
  });
});
