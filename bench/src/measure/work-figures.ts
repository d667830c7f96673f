import type { WorkFigures } from '../results.ts';
import { ratioSpread, spreadOf } from '../statistics.ts';
import type { Sample } from './rounds.ts';

/** Sums the rounds of one work up: medians, quartiles, and ratios to the base. */
export function sumUp(samples: ReadonlyMap<string, readonly Sample[]>, baseId: string): WorkFigures {
  const rates = (of: readonly Sample[]): number[] => of.map(({ requestsPerSecond }) => requestsPerSecond);
  const base = rates(samples.get(baseId) ?? []);
  return Object.fromEntries(
    [...samples].map(([id, of]) => [
      id,
      {
        requestsPerSecond: spreadOf(rates(of)),
        p99Ms: spreadOf(of.map(({ p99Ms }) => p99Ms)),
        cpuMicroseconds: spreadOf(of.map(({ cpuMicroseconds }) => cpuMicroseconds)),
        ratio: ratioSpread(rates(of), base),
      },
    ]),
  );
}
