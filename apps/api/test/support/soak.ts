import { expect } from 'vitest';

import { holdIdleConnections, HttpLoad } from './http-load.ts';
import type { MeasuredReplica } from './measured-replica.ts';
import type { RealServers } from './real-servers.ts';
import { type SoakMix, SoakRequests } from './soak-requests.ts';

/** How much is asked, and of what. */
export interface SoakOptions {
  readonly mix: SoakMix;
  readonly requests: number;
  /** Connections that say nothing, to each replica, while the load goes on. */
  readonly idleConnections: number;
}

/** What a soak measured. */
export interface SoakFigures {
  readonly answers: Readonly<Record<string, number>>;
  readonly turnedAway: number;
  readonly requestsPerSecond: number;
  readonly heapGrowth: readonly string[];
  readonly openFiles: readonly string[];
}

/** Enough to keep two replicas busy, and few enough that none of them has to refuse one. */
const PARALLEL = 16;
/** Requests before the first measurement: code is compiled and caches are filled by them. */
const WARM_UP = 2000;
/**
 * What part of the requests may be turned away: none would be, but for pauses of the whole machine. One of 50 ms opens the
 * breaker before the shared store for half a second, one of a second sheds for another (decision 017).
 */
const MAX_TURNED_AWAY = 0.05;
/** What a heap may have grown by (SR-81). */
const MAX_GROWTH = 1.1;

/**
 * Asks without pause, and expects of every answer that it is the right one, in the end, of every 201 that its row is there once and
 * nothing else is, and of the replicas that their heap and their open files are as before.
 */
export async function soak(
  servers: RealServers,
  replicas: readonly MeasuredReplica[],
  { mix, requests, idleConnections }: SoakOptions,
): Promise<SoakFigures> {
  const origins = replicas.map(({ origin }) => origin);
  const load = new HttpLoad(origins, PARALLEL);
  const source = new SoakRequests(mix, servers.administrator, await signIn(servers, origins[0] ?? ''));
  const openBefore = await Promise.all(replicas.map((replica) => replica.openFiles()));
  await load.run(countDown(source, WARM_UP), PARALLEL);
  const heapBefore = await Promise.all(replicas.map((replica) => replica.heapBytes()));
  const held = await Promise.all(origins.map((origin) => holdIdleConnections(origin, idleConnections)));
  const startedAt = performance.now();
  await load.run(countDown(source, requests), PARALLEL);
  const seconds = (performance.now() - startedAt) / 1000;
  for (const release of held) release();
  load.close();
  expect(load.wrong).toEqual([]);
  expect(load.turnedAway).toBeLessThan(requests * MAX_TURNED_AWAY);
  expect([...load.right.values()].reduce((sum, count) => sum + count, 0)).toBe(WARM_UP + requests);
  await expectEachRowOnce(servers, source);
  const measured = replicas.map(async (replica, index) => {
    await replica.untilOpenFilesAre(openBefore[index] ?? 0);
    return { openFiles: await replica.openFiles(), heap: await replica.heapBytes() };
  });
  const after = await Promise.all(measured);
  for (const [index, { heap }] of after.entries()) expect(heap).toBeLessThan((heapBefore[index] ?? 0) * MAX_GROWTH);
  return {
    answers: Object.fromEntries(load.right),
    turnedAway: load.turnedAway,
    requestsPerSecond: Math.round(requests / seconds),
    heapGrowth: after.map(({ heap }, index) => `${mebibytes(heapBefore[index] ?? 0)} to ${mebibytes(heap)}`),
    openFiles: after.map(({ openFiles }, index) => `${openBefore[index] ?? 0} to ${openFiles}`),
  };
}

async function signIn({ administrator }: RealServers, origin: string): Promise<string> {
  const response = await fetch(new URL('/api/auth/login', origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(administrator),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { accessToken: string }).accessToken;
}

function countDown(source: SoakRequests, requests: number) {
  let left = requests;
  return () => ((left -= 1) < 0 ? undefined : source.next());
}

/** The users that are there are the administrator and those whom a 201 promised, and each has its key. */
async function expectEachRowOnce(servers: RealServers, { created }: SoakRequests): Promise<void> {
  const stored = await servers.asSuperuser(async (kysely) => ({
    users: await kysely.selectFrom('users').select(['id', 'email']).execute(),
    keys: await kysely.selectFrom('idempotency_keys').select(['key', 'status']).execute(),
  }));
  const others = stored.users.filter(({ email }) => email !== servers.administrator.email);
  expect(others.map(({ id, email }) => `${id} ${email}`).toSorted()).toEqual(
    created.map(({ id, email }) => `${id} ${email}`).toSorted(),
  );
  expect(stored.keys.map(({ key, status }) => `${key} ${status}`).toSorted()).toEqual(
    created.map(({ key }) => `${key} 201`).toSorted(),
  );
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
