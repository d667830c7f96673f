import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type OwnServers, startOwnServers, type TcpProxy } from '@redoubt/testing';
import { findOptionalServer } from '@redoubt/testing/contracts/optional-server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import {
  type Fault,
  type FaultObservation,
  type FaultPromise,
  faultPromises,
  faults,
  type PromisedAnswer,
  RECOVERY_SECONDS,
  type RouteClass,
  routeClasses,
  statusesOf,
  timeClassOf,
} from './support/fault-promises.ts';
import { RealServers, type Replica } from './support/real-servers.ts';
import { type ProbeAnswer, RouteProbes, type SentWrite } from './support/route-probes.ts';
import { startTraffic } from './support/traffic.ts';

const HOW = 'Run it by tools/with-servers.sh.';
const postgresBin = findOptionalServer('TEST_POSTGRES_BIN', HOW);
const storeServer = findOptionalServer('TEST_STORE_SERVER', HOW);

/** Where the run leaves what it saw; `tools/src/fault-table.ts` writes it into the document. */
const observationsFile = join(import.meta.dirname, '../../../.local/faults.json');

/** In each direction: 100 ms for a round trip. */
const DELAY_MS = 50;
const FAULT_TIMEOUT_MS = 120_000;
const allRoutes = Object.keys(routeClasses) as RouteClass[];

let own: OwnServers;
let servers: RealServers;
let replica: Replica;
let probes: RouteProbes;
const observed: FaultObservation[] = [];
const written: SentWrite[] = [];

/** How each fault is made, and how it ends. */
const makers: Readonly<Record<Fault, { begin: () => unknown; end: () => unknown }>> = {
  'PostgreSQL is killed (-9)': { begin: () => own.postgres.kill(), end: () => own.postgres.start() },
  'PostgreSQL hangs (SIGSTOP)': { begin: () => own.postgres.hang(), end: () => own.postgres.resume() },
  'PostgreSQL is slow (100 ms more for each round trip)': {
    begin: () => servers.postgresWire.delay(DELAY_MS),
    end: () => servers.postgresWire.delay(0),
  },
  'PostgreSQL refuses connections': {
    begin: () => servers.postgresWire.cut(),
    end: () => servers.postgresWire.restore(),
  },
  'Valkey is killed (-9)': { begin: () => own.valkey.kill(), end: () => own.valkey.start() },
  'Valkey hangs (SIGSTOP)': { begin: () => own.valkey.hang(), end: () => own.valkey.resume() },
  'Valkey is slow (100 ms more for each round trip)': {
    begin: () => servers.valkeyWire.delay(DELAY_MS),
    end: () => servers.valkeyWire.delay(0),
  },
  'Valkey refuses connections': { begin: () => servers.valkeyWire.cut(), end: () => servers.valkeyWire.restore() },
};

function promiseOf(fault: Fault, routes: RouteClass): FaultPromise {
  const promise = faultPromises.find((each) => each.fault === fault && each.routes.includes(routes));
  if (promise === undefined) throw new TypeError(`${fault} promises nothing for ${routes}`);
  return promise;
}

/** Asks all routes at once, and answers what each said within its time. */
async function askAll(fault: Fault): Promise<ReadonlyMap<RouteClass, ProbeAnswer>> {
  const answers = allRoutes.map(async (routes) => {
    const { withinSeconds } = promiseOf(fault, routes);
    return [routes, await probes.ask(routes, withinSeconds)] as const;
  });
  return new Map(await Promise.all(answers));
}

/** Waits until the fault is felt: the ready probe says so, and what a replica may still believe is over (SR-7). */
async function untilFelt(fault: Fault): Promise<void> {
  for (const routes of ['readiness', 'signed-in read'] as const) {
    const { answer, withinSeconds } = promiseOf(fault, routes);
    const wanted = statusesOf(answer, routes);
    const isFelt = async () => wanted.includes((await probes.ask(routes, withinSeconds)).status);
    await vi.waitUntil(isFelt, { timeout: FAULT_TIMEOUT_MS });
  }
}

/** Signs in as soon as sign-ins are taken: within a second of the store they are refused (SR-22). */
async function signIn(): Promise<void> {
  const isTaken = async () => (await probes.ask('sign-in', RECOVERY_SECONDS)).status === 200;
  await vi.waitUntil(isTaken, { timeout: RECOVERY_SECONDS * 1000, interval: 100 });
  await probes.signIn();
}

/** Waits until every route answers as ever; answers how long that took. */
async function recover(): Promise<number> {
  const startedAt = performance.now();
  const isUsual = async (routes: RouteClass) =>
    statusesOf('as ever', routes).includes((await probes.ask(routes, RECOVERY_SECONDS)).status);
  const sweep = ['readiness', 'signed-in read', 'administrator read', 'idempotent write'] as const;
  for (const routes of sweep)
    await vi.waitUntil(() => isUsual(routes), { timeout: RECOVERY_SECONDS * 1000, interval: 100 });
  await signIn();
  for (const routes of allRoutes) expect([routes, await isUsual(routes)]).toEqual([routes, true]);
  return performance.now() - startedAt;
}

/** Makes the fault while requests are on their way to the server, and holds every sort of route to its promise. */
async function meet(fault: Fault): Promise<void> {
  try {
    const wire = fault.startsWith('PostgreSQL') ? servers.postgresWire : servers.valkeyWire;
    const [early] = await Promise.all([askAll(fault), nextMessage(wire).then(() => makers[fault].begin())]);
    for (const [routes, answer] of early) {
      expectStatus(routes, answer.status, 'as ever or 503');
      // What met the fault on its way waits longest.
      if (statusesOf(promiseOf(fault, routes).answer, routes).includes(answer.status)) record(fault, routes, answer);
    }
    await untilFelt(fault);
    for (const [routes, answer] of await askAll(fault)) {
      expectStatus(routes, answer.status, promiseOf(fault, routes).answer);
      record(fault, routes, answer);
    }
  } finally {
    await makers[fault].end();
  }
}

/** Resolves as the next message is about to reach the server. */
function nextMessage(wire: TcpProxy): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  wire.watch(({ direction }) => {
    if (direction === 'to-server') resolve();
    return 'deliver';
  });
  return promise.finally(() => wire.watch(undefined));
}

function expectStatus(routes: RouteClass, status: number, answer: PromisedAnswer): void {
  expect(statusesOf(answer, routes).includes(status), `${routes}: ${status}`).toBe(true);
}

function record(fault: Fault, routes: RouteClass, { status, durationMs, retryAfter, body }: ProbeAnswer): void {
  observed.push({ fault, routes, status, withinSeconds: timeClassOf(durationMs) });
  if (status !== 503 || routes === 'readiness') return;
  expect([routes, retryAfter]).toEqual([routes, '1']);
  expect(body).not.toMatch(/ECONN|postgres|valkey|redis|127\.0\.0\.1|select|timeout/i);
}

describe.skipIf(postgresBin === undefined || storeServer === undefined)('while a server fails, in traffic', () => {
  beforeAll(async () => {
    own = await startOwnServers({ postgresBin: postgresBin ?? '', storeServer: storeServer ?? '' });
    vi.stubEnv('TEST_POSTGRES_URL', own.postgres.url);
    vi.stubEnv('TEST_VALKEY_URL', own.valkey.url);
    servers = await RealServers.prepare();
    // Ten connections carry 100 round trips a second at 100 ms each: less than the traffic asks for.
    replica = await servers.start({ DATABASE_POOL_MAX: '30' });
    probes = new RouteProbes(replica, servers.administrator);
  });
  afterAll(async () => {
    await mkdir(join(observationsFile, '..'), { recursive: true });
    await writeFile(observationsFile, JSON.stringify(observed, undefined, 2));
    await servers.close();
    await own.close();
    vi.unstubAllEnvs();
  });

  it.each(faults)(
    'SR-30, SR-39: %s: each sort of route keeps its promise, and the service heals by itself',
    async (fault) => {
      await signIn();
      const traffic = startTraffic(probes);
      try {
        await meet(fault);
        const withinSeconds = timeClassOf(await recover());
        observed.push({ fault, routes: 'recovery', status: 200, withinSeconds });
        expect(withinSeconds).toBeLessThanOrEqual(RECOVERY_SECONDS);
      } finally {
        const answers = await traffic.stop();
        written.push(...probes.writes.splice(0));
        expect([...answers.keys()].filter((each) => !/: (?:200|201|503)$/.test(each))).toEqual([]);
      }
      expect(replica.child.process.exitCode).toBe(null);
    },
    FAULT_TIMEOUT_MS,
  );

  it('SR-41: of all writes that met a fault, each is there once when it has been tried again, with one answer', async () => {
    await signIn();
    expect(written.length).toBeGreaterThan(100);
    for (const write of written) expect((await probes.write(write)).status).toBe(201);
    const stored = await servers.asSuperuser((kysely) => kysely.selectFrom('users').select('email').execute());
    const emails = stored.map(({ email }) => email).filter((email) => email !== servers.administrator.email);
    expect(emails.toSorted()).toEqual(written.map(({ email }) => email).toSorted());
  });
});
