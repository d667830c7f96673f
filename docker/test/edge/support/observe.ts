import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { EdgeAttackId } from './edge-attacks.ts';

/** What a run observed; the next one begins without it. */
export const OBSERVATIONS = join(import.meta.dirname, '../../../../.local/stack/edge-observations.json');

/**
 * Notes what happened when something of `edge-attacks.ts` was tried; `tools/src/edge-table.ts` writes it into
 * docs/edge.md. Called after the last expectation of a test: what did not hold is not noted. Test files of the stack run
 * one after the other, so nobody else writes.
 */
export function observe(attack: EdgeAttackId, observed: string): void {
  mkdirSync(dirname(OBSERVATIONS), { recursive: true });
  writeFileSync(OBSERVATIONS, `${JSON.stringify({ ...readObservations(), [attack]: observed }, null, 2)}\n`);
}

function readObservations(): Record<string, string> {
  try {
    return JSON.parse(readFileSync(OBSERVATIONS, 'utf8')) as Record<string, string>;
  } catch (error) {
    // The first of a run.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

/** How often each of some values is there, the most frequent first: `48 × 400, 3 × 501`. */
export function tally(values: readonly (number | string)[]): string {
  const groups = [...Map.groupBy(values, String)].toSorted(([, one], [, other]) => other.length - one.length);
  return groups.map(([value, { length }]) => `${length} × ${value}`).join(', ');
}
