import type { Work } from '../contract/work.ts';
import type { Material } from '../machine/material.ts';
import { ServiceProcess } from '../machine/service-process.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import type { Variant } from '../variants.ts';

/** Requests before the first that counts: the compiler has seen everything by then. */
const WARM_UP = 8000;
const REQUESTS = 2000;

/** Processor time of each variant for each work without a socket, variants in turn. */
export async function measureDirect(
  variants: readonly Variant[],
  worksOf: (variant: Variant) => readonly Work[],
  { material, rounds }: { readonly material: Material; readonly rounds: number },
): Promise<Record<string, Record<string, Spread>>> {
  const services = await Promise.all(
    variants.map((variant) => ServiceProcess.start(variant, material, { mode: 'direct' })),
  );
  try {
    const figures: Record<string, Record<string, Spread>> = {};
    for (const { name } of worksOf(variants[0] as Variant)) figures[name] = await measureWork(name, services);
    return figures;
  } finally {
    await Promise.all(services.map((service) => service.stop()));
  }

  async function measureWork(name: string, running: readonly ServiceProcess[]): Promise<Record<string, Spread>> {
    const microseconds = new Map<string, number[]>();
    for (let round = -1; round < rounds; round += 1)
      for (const service of running) {
        const work = worksOf(service.variant).find((candidate) => candidate.name === name);
        if (work === undefined) throw new RangeError(`${service.variant.title} has no ${name}`);
        const answer = await service.measureDirectly({ work, requests: round < 0 ? WARM_UP : REQUESTS });
        const measured = microseconds.get(service.variant.id) ?? [];
        if (round >= 0) measured.push(answer.microsecondsPerRequest);
        microseconds.set(service.variant.id, measured);
      }
    return Object.fromEntries([...microseconds].map(([id, values]) => [id, spreadOf(values)]));
  }
}
