/**
 * What the service does at twice the rate that it can serve (SR-40): how much of its best rate is left, how long what it
 * accepts takes, how much memory it needs, and when it is back to normal.
 *
 *   npx -y pnpm@12.21.0 build
 *   tools/with-servers.sh node_modules/.bin/node bench/overload.ts
 *
 * The production bundle runs in a process of its own, over PostgreSQL and Valkey; a signed-in user reads their account:
 * a token, a counter in Valkey, a row in PostgreSQL. Client and servers share the machine: compare figures of one run.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

import { RealServers, type Replica } from '../apps/api/test/support/real-servers.ts';
import { LoadClient, type Outcome } from './load-client.ts';

const WARM_UP_MS = 4000;
const PHASE_MS = 10_000;
const RECOVERY_MS = 6000;
/** Requests at once while the best rate is looked for: enough to keep every part busy, too few to queue for long. */
const CLOSED_LOOP_CONNECTIONS = 64;
/** An open loop sends what is due in steps of this length. */
const TICK_MS = 5;
/** More connections than a client of this bench opens: the service takes 4096. */
const MAX_CONNECTIONS = 4000;

/** One row of the table. */
interface Row {
  readonly phase: string;
  readonly 'offered/s': number;
  readonly 'served/s': number;
  readonly 'p50 ms': number;
  readonly 'p99 ms': number;
  readonly 'shed/s': number;
  readonly 'shed p99 ms': number;
  readonly others: number;
  readonly connections: number;
  readonly 'RSS MiB': number;
}

/** Sends the next request as soon as the last one is answered, on a fixed number of connections. */
async function closedLoop(client: LoadClient, durationMs: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const end = performance.now() + durationMs;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) outcomes.push(await client.ask(performance.now()));
  };
  await Promise.all(Array.from({ length: CLOSED_LOOP_CONNECTIONS }, worker));
  return outcomes;
}

/** Sends at a rate, whatever becomes of the requests: as many clients do that know nothing of each other. */
async function openLoop(client: LoadClient, ratePerSecond: number, durationMs: number): Promise<Outcome[]> {
  const asked: Promise<Outcome>[] = [];
  const start = performance.now();
  for (let now = start; now < start + durationMs; now = performance.now()) {
    const due = Math.floor(((now - start) / 1000) * ratePerSecond);
    while (asked.length < due && client.connections < MAX_CONNECTIONS)
      asked.push(client.ask(start + (asked.length / ratePerSecond) * 1000));
    await pause(TICK_MS);
  }
  return Promise.all(asked);
}

function quantile(outcomes: readonly Outcome[], share: number): number {
  const sorted = outcomes.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
}

async function residentMebibytes({ management }: Replica): Promise<number> {
  const metrics = await (await fetch(`${management}/metrics`)).text();
  return Math.round(Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1] ?? Number.NaN) / 1024 ** 2);
}

async function measure(
  phase: string,
  { replica, client, durationMs }: { replica: Replica; client: LoadClient; durationMs: number },
  load: () => Promise<Outcome[]>,
): Promise<Row> {
  const start = performance.now();
  const outcomes = await load();
  const seconds = Math.max(durationMs, performance.now() - start) / 1000;
  const served = outcomes.filter(({ status }) => status === 200);
  const shed = outcomes.filter(({ status }) => status === 503);
  return {
    phase,
    'offered/s': Math.round(outcomes.length / (durationMs / 1000)),
    'served/s': Math.round(served.length / seconds),
    'p50 ms': quantile(served, 0.5),
    'p99 ms': quantile(served, 0.99),
    'shed/s': Math.round(shed.length / seconds),
    'shed p99 ms': quantile(shed, 0.99),
    others: outcomes.length - served.length - shed.length,
    connections: client.connections,
    'RSS MiB': await residentMebibytes(replica),
  };
}

/** The probe of the orchestrator, once in a while: it must be answered on the worst of days. */
async function probe({ management }: Replica, latencies: number[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const start = performance.now();
    const { ok } = await fetch(`${management}/health/live`);
    latencies.push(ok ? performance.now() - start : Number.POSITIVE_INFINITY);
    await pause(100);
  }
}

async function signIn(servers: RealServers, { origin }: Replica): Promise<string> {
  const response = await fetch(`${origin}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(servers.administrator),
  });
  const { accessToken } = (await response.json()) as { accessToken: string };
  return accessToken;
}

async function run(servers: RealServers): Promise<void> {
  const replica = await servers.start({ RATE_LIMIT_SIGNED_IN_MAX: '1000000', LOG_LEVEL: 'info' });
  const token = await signIn(servers, replica);
  const { port, host } = new URL(replica.origin);
  const bytes = `GET /api/users/me HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  const target = { port: Number(port), bytes };
  const client = new LoadClient(target);
  await closedLoop(client, WARM_UP_MS);

  const common = { replica, client };
  const best = await measure('best rate', { ...common, durationMs: PHASE_MS }, () => closedLoop(client, PHASE_MS));
  const rows = [best];
  const probes: number[] = [];
  const stop = new AbortController();
  const probing = probe(replica, probes, stop.signal);
  for (const factor of [0.5, 2, 3]) {
    const rate = Math.round(best['served/s'] * factor);
    const load = (): Promise<Outcome[]> => openLoop(client, rate, PHASE_MS);
    rows.push(await measure(`${factor} × best`, { ...common, durationMs: PHASE_MS }, load));
  }
  for (let second = 1; second <= RECOVERY_MS / 1000; second += 1) {
    const load = (): Promise<Outcome[]> => openLoop(client, best['served/s'] / 2, 1000);
    rows.push(await measure(`second ${second} after`, { ...common, durationMs: 1000 }, load));
  }
  stop.abort();
  await probing;
  console.log(`${availableParallelism()} cores, shared by client, service, PostgreSQL and the shared store`);
  console.table(rows);
  const sorted = probes.toSorted((a, b) => a - b);
  console.log(`health probes: p99 ${Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN)} ms`);
  client.close();
}

const servers = await RealServers.prepare();
try {
  await run(servers);
} finally {
  await servers.close();
}
