import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createEmail, ServiceClient } from './support/journey.ts';
import { RealServers, type Replica } from './support/real-servers.ts';

let servers: RealServers;
let replicas: readonly Replica[];
let admin: ServiceClient;

beforeAll(async () => {
  servers = await RealServers.prepare();
  replicas = await Promise.all([servers.start(), servers.start()]);
  admin = await new ServiceClient(replicas[0]?.origin ?? '').signIn(servers.administrator);
});
afterAll(() => servers.close());

/** Creates a user on one of the replicas, each in its turn. */
async function create(email: string, key: string, turn = 0) {
  const client = admin.at(replicas[turn % replicas.length]?.origin ?? '');
  const response = await client.request('POST', '/api/users', { email }, { 'idempotency-key': key });
  return {
    status: response.status,
    replayed: response.headers.get('idempotency-replayed'),
    retryAfter: response.headers.get('retry-after'),
    body: await response.text(),
  };
}

/** What is stored of them: rows of users and rows of keys. */
function countRows(email: string, key: string): Promise<number[]> {
  return servers.asSuperuser(async (kysely) => [
    (await kysely.selectFrom('users').select('id').where('email', '=', email).execute()).length,
    (await kysely.selectFrom('idempotency_keys').select('key').where('key', '=', key).execute()).length,
  ]);
}

describe('a key on two replicas of the production bundle', () => {
  it('SR-41: makes one effect of 50 requests at once', async () => {
    const [email, key] = [createEmail(), randomUUID()];
    const answers = await Promise.all(Array.from({ length: 50 }, (_, turn) => create(email, key, turn)));
    // On a busy machine one may wait for the first longer than the database or the pool allows: it may come again.
    expect(answers.filter(({ status }) => ![201, 409, 503].includes(status))).toEqual([]);
    const done = answers.filter(({ status }) => status === 201);
    expect(done.filter(({ replayed }) => replayed === null)).toHaveLength(1);
    expect(new Set(done.map(({ body }) => body)).size).toBe(1);
    expect(await countRows(email, key)).toEqual([1, 1]);
    for (const turn of [0, 1])
      expect(await create(email, key, turn)).toMatchObject({ body: done[0]?.body, replayed: 'true' });
  });

  it('SR-41: that another request holds for too long is answered with 409 and when to come back, and is not lost', async () => {
    const [email, key] = [createEmail(), randomUUID()];
    const { id: userId } = (await (await admin.request('GET', '/api/users/me')).json()) as { id: string };
    const held = {
      user_id: userId,
      route: 'POST /api/users',
      key,
      fingerprint: 'f'.repeat(43),
      created_at: new Date(),
    };
    await servers.asSuperuser(async (kysely) => {
      const holder = await kysely.startTransaction().execute();
      await holder.insertInto('idempotency_keys').values(held).execute();
      const refused = await create(email, key);
      expect([refused.status, refused.retryAfter]).toEqual([409, '1']);
      await holder.rollback().execute();
    });
    expect(await countRows(email, key)).toEqual([0, 0]);
    expect(await create(email, key)).toMatchObject({ status: 201, replayed: null });
    expect(await countRows(email, key)).toEqual([1, 1]);
  });

  it('SR-41: of somebody else makes an effect of its own, on whichever replica', async () => {
    const [email, key] = [createEmail(), randomUUID()];
    const first = await create(email, key);
    const stranger = await servers.createAdministrator();
    const client = await new ServiceClient(replicas[1]?.origin ?? '').signIn(stranger);
    const response = await client.request('POST', '/api/users', { email: createEmail() }, { 'idempotency-key': key });
    expect([response.status, response.headers.get('idempotency-replayed')]).toEqual([201, null]);
    const { id } = JSON.parse(first.body) as { id: string };
    const body = await response.text();
    for (const leak of [id, email]) expect(body).not.toContain(leak);
    expect(await countRows(email, key)).toEqual([1, 2]);
  });
});
