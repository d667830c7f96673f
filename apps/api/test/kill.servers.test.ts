import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { createEmail, ServiceClient } from './support/journey.ts';
import { firstMoments, killAt, type KillMoment, whenStarted } from './support/kill-moment.ts';
import { RealServers, type Replica } from './support/real-servers.ts';

/** Nine messages: the four of the transaction and its commit, and what follows it. */
const moments = firstMoments(50);
/** Victims that start while another one dies. */
const AHEAD = 2;

let servers: RealServers;
let survivor: Replica;
let admin: ServiceClient;
const victims: Promise<Victim>[] = [];
/** What the retry found, by moment. */
const retries: ('ran' | 'replayed')[] = [];

type Victim = Awaited<ReturnType<typeof startVictim>>;

beforeAll(async () => {
  servers = await RealServers.prepare();
  survivor = await servers.start();
  admin = await new ServiceClient(survivor.origin).signIn(servers.administrator);
});
afterAll(async () => {
  await Promise.all(victims);
  await servers.close();
});

async function startVictim() {
  const wire = await servers.openPostgresWire();
  const started = whenStarted(wire);
  const replica = await servers.start({}, { postgresWire: wire });
  await started;
  // A process that has just started may lag for a second, and turns requests away for as long (SR-40).
  const isServing = async () => (await admin.at(replica.origin).request('GET', '/api/users/me')).status === 200;
  await vi.waitUntil(isServing, { timeout: 30_000, interval: 100 });
  return { wire, replica };
}

/** The next victim; others start in the meantime. */
async function nextVictim(): Promise<Victim> {
  while (victims.length <= AHEAD) victims.push(startVictim());
  const [victim] = victims.splice(0, 1);
  return victim ?? startVictim();
}

/** The answer of a process that may die before it has sent it. */
async function answerOf(response: Promise<Response>): Promise<{ status: number; body: string } | 'none'> {
  try {
    const { status, text } = await response.then(async (got) => ({ status: got.status, text: await got.text() }));
    return { status, body: text };
  } catch {
    // The connection went away with the process.
    return 'none';
  }
}

/** Creates a user on a replica that is killed at the moment, and again on the one that lives. */
async function createTwice(moment: KillMoment) {
  const { wire, replica } = await nextVictim();
  const [email, key] = [createEmail(), { 'idempotency-key': randomUUID() }];
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const killed = killAt(moment, replica, { wire, answered });
  const first = await answerOf(admin.at(replica.origin).request('POST', '/api/users', { email }, key));
  resolve();
  await killed;
  const response = await admin.request('POST', '/api/users', { email }, key);
  const again = await admin.request('POST', '/api/users', { email }, key);
  return {
    email,
    key: key['idempotency-key'],
    first,
    retry: { status: response.status, body: await response.text() },
    retried: response.headers.get('idempotency-replayed') === 'true' ? 'replayed' : 'ran',
    again: { status: again.status, body: await again.text() },
  } as const;
}

/** What is stored of a key and its effect, seen from outside of the service. */
function stored(email: string, key: string) {
  return servers.asSuperuser(async (kysely) => ({
    users: await kysely.selectFrom('users').select('id').where('email', '=', email).execute(),
    keys: await kysely.selectFrom('idempotency_keys').select(['status', 'body']).where('key', '=', key).execute(),
  }));
}

/** A victim starts while others run; on a machine that is busy with other tests that takes its time. */
const KILL_TIMEOUT_MS = 120_000;

describe('a process killed with -9 during a write, at 50 moments', () => {
  it.each(moments)(
    'SR-41: message $message, $arriving: one effect, one key, and the retry has its answer',
    async (moment) => {
      const { email, key, first, retry, retried, again } = await createTwice(moment);
      expect(retry.status).toBe(201);
      expect(again).toEqual(retry);
      if (first !== 'none') expect([first, retried]).toEqual([retry, 'replayed']);
      const { users, keys } = await stored(email, key);
      expect(users).toEqual([{ id: (JSON.parse(retry.body) as { id: string }).id }]);
      expect(keys).toEqual([{ status: 201, body: retry.body }]);
      retries.push(retried);
    },
    KILL_TIMEOUT_MS,
  );

  it('SR-41: the moments stand on both sides of the commit', () => {
    expect(retries).toHaveLength(moments.length);
    for (const kind of ['ran', 'replayed'] as const)
      expect(retries.filter((retry) => retry === kind).length).toBeGreaterThan(10);
  });
});
