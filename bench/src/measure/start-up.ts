import { publicGet } from '../contract/works.ts';
import type { Material } from '../machine/material.ts';
import { ServiceProcess } from '../machine/service-process.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import type { Variant } from '../variants.ts';

/** Milliseconds from the start of the process to the first 200, variants in turn. */
export async function measureStartUp(
  variants: readonly Variant[],
  { material, rounds }: { readonly material: Material; readonly rounds: number },
): Promise<Record<string, Spread>> {
  const taken = new Map<string, number[]>(variants.map(({ id }) => [id, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const variant of variants) {
      const begun = performance.now();
      const service = await ServiceProcess.start(variant, material);
      const { ok } = await fetch(`${service.origin}${publicGet.path}`);
      taken.get(variant.id)?.push(performance.now() - begun);
      await service.stop();
      if (!ok) throw new Error(`${variant.title}: the first answer is none`);
    }
  return Object.fromEntries([...taken].map(([id, milliseconds]) => [id, spreadOf(milliseconds)]));
}
