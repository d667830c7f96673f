import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createPassword, ServiceClient } from './support/journey.ts';
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

describe('failed sign-ins on two replicas of the production bundle', () => {
  it('SR-13: count together, and leave the sessions of the account alone', async () => {
    const { email, password } = servers.administrator;
    const signedIn = await new ServiceClient(first.origin).signIn({ email, password });
    const replicas = [first, second];
    const attempt = async (index: number, presented: string): Promise<{ status: number; body: string }> => {
      const client = new ServiceClient(replicas[index % replicas.length]?.origin ?? '');
      const response = await client.request('POST', '/api/auth/login', { email, password: presented });
      return { status: response.status, body: (await response.text()).replace(/"requestId":"[^"]+"/, '') };
    };
    const wrong = [];
    for (let index = 0; index < 5; index += 1) wrong.push(await attempt(index, createPassword()));
    for (const index of [0, 1]) expect(await attempt(index, password)).toEqual(wrong[0]);
    expect(wrong[0]?.status).toBe(401);
    expect((await signedIn.request('GET', '/api/users/me')).status).toBe(200);
  });

  it('SR-14, SR-56: a forgotten password is answered alike for known and unknown addresses', async () => {
    const forgot = async (email: string): Promise<unknown> => {
      const response = await new ServiceClient(second.origin).request('POST', '/api/auth/password/forgot', { email });
      const names = [...response.headers.keys()].filter((name) => name !== 'date');
      return { status: response.status, body: await response.text(), names };
    };
    const known = await forgot(servers.administrator.email);
    expect(known).toMatchObject({ status: 202 });
    expect(await forgot('nobody@mail.example')).toEqual(known);
  });
});
