import type { Work } from '../contract/work.ts';
import { processorTimeMs } from '../machine/process-figures.ts';
import type { ServiceProcess } from '../machine/service-process.ts';
import { load, type LoadResult } from '../machine/wrk.ts';

/** One run of one variant within a round. */
export interface Sample extends LoadResult {
  /** Processor time of the server, in steps of ten milliseconds over the whole run. */
  readonly cpuMicroseconds: number;
}

/** What is measured against each other: each runs once in each round. */
export interface Contender {
  readonly id: string;
  readonly work: Work;
  readonly service: ServiceProcess;
  /** Where the load goes; the service itself unless something stands before it. */
  readonly origin?: string;
  readonly connections?: number;
}

/** How often and how long. */
export interface RoundOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly directory: string;
}

/**
 * Runs all contenders in each round, one after the other, beginning with another one each time: what disturbs the machine
 * for a while disturbs them all. A round before the first warms them up and is forgotten.
 */
export async function runRounds(
  contenders: readonly Contender[],
  { rounds, seconds, directory }: RoundOptions,
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const samples = new Map<string, Sample[]>(contenders.map(({ id }) => [id, []]));
  for (let round = -1; round < rounds; round += 1) {
    const first = (round + contenders.length) % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const { id, work, service, origin = service.origin, connections } = contender;
      const options = { origin, seconds, directory, ...(connections === undefined ? {} : { connections }) };
      if (round < 0) {
        // What is wrong with it shows in the rounds that count.
        await load(work, options).catch(() => undefined);
        continue;
      }
      const before = await processorTimeMs(service.pid);
      const result = await load(work, options);
      const cpuMs = (await processorTimeMs(service.pid)) - before;
      samples.get(id)?.push({ ...result, cpuMicroseconds: (cpuMs * 1000) / result.requests });
    }
  }
  return samples;
}
