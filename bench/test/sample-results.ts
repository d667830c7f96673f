import type { Results } from '../src/results.ts';
import type { Spread } from '../src/statistics.ts';

/** A figure without spread. */
export function exactly(value: number): Spread {
  return { median: value, lower: value, upper: value };
}

/** Results of a run in which the service has so large a share of the base's rate, and everything else is plain. */
export function resultsWith(ratio: number): Results {
  const figures = (own: number) => ({
    requestsPerSecond: exactly(own * 1000),
    p99Ms: exactly(2),
    cpuMicroseconds: exactly(10),
    ratio: { median: own, lower: own - 0.01, upper: own + 0.01 },
  });
  return {
    when: '2026-11-27T00:00:00.000Z',
    rounds: 10,
    seconds: 1,
    machine: { processor: 'a processor', cores: 2, memoryGiB: 8, kernel: '6', node: '26.10.0' },
    works: { 'public GET': { fastify: figures(1), hardened: figures(ratio), express: figures(0.2) } },
    direct: { 'public GET': { fastify: exactly(10), hardened: exactly(12.5) } },
    startUp: { fastify: exactly(100), hardened: exactly(140) },
    memory: { fastify: { rest: 50, loaded: 100 }, hardened: { rest: 75, loaded: 120 } },
    connections: [{ size: 1000, requestsPerSecond: 1000, p99Ms: 70, ratio: exactly(0.9) }],
    routes: [{ size: 1000, requestsPerSecond: 1000, p99Ms: 2, ratio: exactly(0.99) }],
    callers: [
      { callers: 10_000, held: 10_000, mebibytes: 1.3, bytesPerCaller: 136 },
      { callers: 10_000_000, held: 1_000_000, mebibytes: 130, bytesPerCaller: 136 },
    ],
    service: {
      startUpMs: 400,
      restMebibytes: 90,
      signedIn: { requestsPerSecond: 3000, p99Ms: 30 },
      signIns: { count: 100, perSecond: 8, probeP99Ms: 50 },
    },
  };
}
