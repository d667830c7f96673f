import type { Spread } from './statistics.ts';

/** How a variant did one work, told for the page and for the next comparison. */
interface VariantFigures {
  readonly requestsPerSecond: Spread;
  readonly p99Ms: Spread;
  readonly cpuMicroseconds: Spread;
  /** To the base, within each round. */
  readonly ratio: Spread;
}

/** Figures of variants for one work, by the variant. */
export type WorkFigures = Readonly<Record<string, VariantFigures>>;

/** The machine that a run was on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
}

/** One step of a growth, against the first. */
export interface GrowthStep {
  readonly size: number;
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  /** To what the title says it is compared with. */
  readonly ratio: Spread;
}

/** Memory of counters, by how many callers came. */
export interface CallerMemory {
  readonly callers: number;
  /** Counters that are held afterwards: the store is bounded. */
  readonly held: number;
  readonly mebibytes: number;
  readonly bytesPerCaller: number;
}

/** Everything that one run found. */
export interface Results {
  readonly when: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly machine: Machine;
  /** Through sockets, by work. */
  readonly works: Readonly<Record<string, WorkFigures>>;
  /** Without sockets: microseconds of processor time, by work and variant. */
  readonly direct: Readonly<Record<string, Readonly<Record<string, Spread>>>>;
  /** Milliseconds to the first 200, by variant. */
  readonly startUp: Readonly<Record<string, Spread>>;
  /** MiB, by variant. */
  readonly memory: Readonly<Record<string, { readonly rest: number; readonly loaded: number }>>;
  readonly connections: readonly GrowthStep[];
  readonly routes: readonly GrowthStep[];
  readonly callers: readonly CallerMemory[];
  /** The example service's own bundle over PostgreSQL and Valkey. */
  readonly service: {
    readonly startUpMs: number;
    readonly restMebibytes: number;
    readonly signedIn: { readonly requestsPerSecond: number; readonly p99Ms: number };
    readonly signIns: { readonly count: number; readonly perSecond: number; readonly probeP99Ms: number };
  };
}
