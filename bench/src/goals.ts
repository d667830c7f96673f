import type { Results } from './results.ts';
import type { Spread } from './statistics.ts';

/** What the benchmark is for: a figure that is to be reached. */
export interface Goal {
  readonly name: string;
  readonly bound: 'at least' | 'at most';
  readonly value: number;
  readonly unit: '' | '×' | 'µs' | 'MiB' | 'bytes' | 'ms';
  /** Of one run's results; `undefined` where that run did not measure it. */
  readonly reached: (results: Results) => Spread | undefined;
}

const CORE = ['public GET', 'signed-in GET', 'validated POST'] as const;

/** The goals, in the order of the page. */
export const goals: readonly Goal[] = [
  ...CORE.map((work) => toBase(work, 0.8)),
  ...CORE.map((work) => against(work, 'express', 'Express of the guide', 4)),
  ...CORE.flatMap((work) => [against(work, 'hono', 'Hono', 3), against(work, 'nest', 'NestJS', 3)]),
  added('public GET', 3),
  added('signed-in GET', 3),
  added('validated POST', 4),
  toBase('429', 0.85),
  toBase('64 KiB body', 0.8),
  toBase('idempotent POST', 0.8),
  toBase('public GET through nginx', 0.85),
  {
    name: 'start to the first 200, to bare Fastify',
    bound: 'at most',
    value: 1.5,
    unit: '×',
    reached: ({ startUp: { hardened, fastify } }) => hardened && fastify && single(hardened.median / fastify.median),
  },
  {
    name: 'memory at rest above bare Fastify',
    bound: 'at most',
    value: 30,
    unit: 'MiB',
    reached: ({ memory: { hardened, fastify } }) => hardened && fastify && single(hardened.rest - fastify.rest),
  },
  {
    name: 'memory after load, to bare Fastify',
    bound: 'at most',
    value: 1.25,
    unit: '×',
    reached: ({ memory: { hardened, fastify } }) => hardened && fastify && single(hardened.loaded / fastify.loaded),
  },
  {
    name: 'memory of a caller in the limiter',
    bound: 'at most',
    value: 150,
    unit: 'bytes',
    reached: ({ callers }) => {
      const full = callers.findLast(({ held, callers: came }) => held === came);
      return full && single(full.bytesPerCaller);
    },
  },
  {
    name: '1,000 routes, to 1',
    bound: 'at least',
    value: 0.95,
    unit: '×',
    reached: ({ routes }) => routes.find(({ size }) => size === 1000)?.ratio,
  },
  {
    name: '1,000 connections, to 64',
    bound: 'at least',
    value: 0.8,
    unit: '×',
    reached: ({ connections }) => connections.find(({ size }) => size === 1000)?.ratio,
  },
  {
    name: '`/health/live` p99 during 100 parallel sign-ins',
    bound: 'at most',
    value: 200,
    unit: 'ms',
    reached: ({ service }) => single(service.signIns.probeP99Ms),
  },
];

/** Whether a figure reaches its goal, by its median. */
export function isReached({ bound, value }: Goal, { median }: Spread): boolean {
  return bound === 'at least' ? median >= value : median <= value;
}

function toBase(work: string, value: number): Goal {
  return {
    name: `${work}, to bare Fastify`,
    bound: 'at least',
    value,
    unit: '×',
    reached: ({ works }) => works[work]?.['hardened']?.ratio,
  };
}

function against(work: string, peer: string, title: string, value: number): Goal {
  return {
    name: `${work}, to ${title}`,
    bound: 'at least',
    value,
    unit: '×',
    reached: ({ works }) => {
      const [own, other] = [works[work]?.['hardened'], works[work]?.[peer]];
      return own && other && single(own.ratio.median / other.ratio.median);
    },
  };
}

function added(work: string, value: number): Goal {
  return {
    name: `${work}, processor time added, no socket`,
    bound: 'at most',
    value,
    unit: 'µs',
    reached: ({ direct }) => {
      const [own, base] = [direct[work]?.['hardened'], direct[work]?.['fastify']];
      return own && base && single(own.median - base.median);
    },
  };
}

function single(value: number): Spread {
  return { median: value, lower: value, upper: value };
}
