import { RealServers, type Replica } from '../../../apps/api/test/support/real-servers.ts';
import type { Work } from '../contract/work.ts';
import { SERVER_CORE } from '../machine/cores.ts';
import { residentMebibytes } from '../machine/process-figures.ts';
import { runCommand } from '../machine/run-command.ts';
import { load } from '../machine/wrk.ts';
import type { Results } from '../results.ts';
import { quantileOf } from '../statistics.ts';

/** How often the probe asks while passwords are checked. */
const PROBE_INTERVAL_MS = 20;

/** The example service's own bundle, over PostgreSQL and Valkey. */
export async function measureExampleService(options: {
  readonly seconds: number;
  readonly directory: string;
  readonly signIns: number;
}): Promise<Results['service']> {
  const servers = await RealServers.prepare();
  try {
    const begun = performance.now();
    const replica = await servers.start({ RATE_LIMIT_SIGNED_IN_MAX: '1000000', LOG_LEVEL: 'info' });
    const startUpMs = performance.now() - begun;
    const pid = replica.child.process.pid ?? Number.NaN;
    await runCommand(['taskset', '--all-tasks', '--cpu-list', '--pid', SERVER_CORE, String(pid)]);
    const restMebibytes = await residentMebibytes(pid);
    const token = await signIn(servers, replica);
    const work: Work = {
      name: 'own account',
      method: 'GET',
      path: '/api/users/me',
      headers: { Host: '127.0.0.1', Authorization: `Bearer ${token}` },
      status: 200,
    };
    const { requestsPerSecond, p99Ms } = await load(work, { ...options, origin: replica.origin });
    return {
      startUpMs,
      restMebibytes,
      signedIn: { requestsPerSecond, p99Ms },
      signIns: await signInAtOnce(servers, replica, options.signIns),
    };
  } finally {
    await servers.close();
  }
}

async function signInAtOnce(
  servers: RealServers,
  replica: Replica,
  count: number,
): Promise<Results['service']['signIns']> {
  const begun = performance.now();
  const stop = new AbortController();
  const probed = probe(replica, stop.signal);
  await Promise.all(Array.from({ length: count }, () => signIn(servers, replica)));
  const seconds = (performance.now() - begun) / 1000;
  stop.abort();
  return { count, perSecond: count / seconds, probeP99Ms: quantileOf(await probed, 0.99) };
}

async function probe({ management }: Replica, signal: AbortSignal): Promise<number[]> {
  const taken: number[] = [];
  while (!signal.aborted) {
    const begun = performance.now();
    const { ok } = await fetch(`${management}/health/live`);
    taken.push(ok ? performance.now() - begun : Number.POSITIVE_INFINITY);
    await new Promise((resolve) => {
      setTimeout(resolve, PROBE_INTERVAL_MS);
    });
  }
  return taken;
}

async function signIn({ administrator }: RealServers, { origin }: Replica): Promise<string> {
  const response = await fetch(`${origin}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(administrator),
  });
  if (!response.ok) throw new Error(`a sign-in was answered ${response.status}`);
  const { accessToken } = (await response.json()) as { accessToken: string };
  return accessToken;
}
