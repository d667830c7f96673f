import { vi } from 'vitest';

import type { RealServers, Replica } from './real-servers.ts';

const COLLECTED = 'the heap was collected';

/** On a signal, Node's collector runs, which is no part of the service: a heap that was just collected can be compared. */
const COLLECT_ON_SIGNAL = [
  '--expose-gc',
  `--import=data:text/javascript,${encodeURIComponent(
    `const collect = globalThis.gc; process.on('SIGUSR2', () => { collect(); process.stdout.write('"${COLLECTED}"\\n'); });`,
  )}`,
];

/** Longest wait for connections that the pools keep for 30 s. */
const IDLE = { timeout: 90_000, interval: 500 };

/** A replica of the production bundle that can be measured. */
export interface MeasuredReplica extends Replica {
  /** Bytes of the heap that are in use after a collection. */
  heapBytes(): Promise<number>;
  /** Files and connections that are open now. */
  openFiles(): Promise<number>;
  /** Resolves when no more files are open than that; fails when that does not happen. */
  untilOpenFilesAre(maximum: number): Promise<void>;
}

/** Starts one. */
export async function startMeasured(
  servers: RealServers,
  settings: Readonly<Record<string, string>> = {},
): Promise<MeasuredReplica> {
  // The one who measures speaks for many clients, as an edge does.
  const behindEdge = { TRUSTED_PROXIES: '127.0.0.1', ...settings };
  const replica = await servers.start(behindEdge, { nodeOptions: COLLECT_ON_SIGNAL });
  const collections = () => replica.child.output().split(COLLECTED).length;
  const openFiles = () => readMetric(replica, 'process_open_fds');
  return {
    ...replica,
    openFiles,
    async heapBytes() {
      // Twice: what the first one finalises is freed by the second.
      for (const before of [collections(), collections() + 1]) {
        replica.child.process.kill('SIGUSR2');
        await vi.waitUntil(() => collections() > before, IDLE);
      }
      return readMetric(replica, 'nodejs_heap_size_used_bytes');
    },
    async untilOpenFilesAre(maximum) {
      await vi.waitUntil(async () => (await openFiles()) <= maximum, IDLE);
    },
  };
}

async function readMetric({ management }: Replica, name: string): Promise<number> {
  // On a connection that ends with the answer: it is one of those that are counted.
  const response = await fetch(new URL('/metrics', management), { headers: { connection: 'close' } });
  const line = (await response.text()).split('\n').find((each) => each.startsWith(`${name} `));
  if (line === undefined) throw new Error(`the metrics have no ${name}`);
  return Number(line.slice(name.length));
}
