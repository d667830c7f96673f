import type { SurfaceChange } from './compare-surfaces.ts';

/** What a reviewer must look at comes first. */
const ORDER = [
  'added',
  'loosened',
  'changed',
  'tightened',
  'removed',
] as const satisfies readonly SurfaceChange['kind'][];

/** Writes changes for a terminal or a pull request, those that open something first. */
export function reportChanges(title: string, changes: readonly SurfaceChange[]): string {
  if (changes.length === 0) return `${title}: the surface is the same`;
  const counts = ORDER.map((kind) => `${changes.filter((change) => change.kind === kind).length} ${kind}`);
  const lines = ORDER.flatMap((kind) => changes.filter((change) => change.kind === kind).map(lineOf));
  return [`${title}: ${counts.join(', ')}`, ...lines].join('\n');
}

function lineOf({ kind, subject, before, after }: SurfaceChange): string {
  const values = [before, after].filter((value) => value !== undefined);
  return `  ${kind.padEnd(9)} ${subject}: ${values.join(' → ')}`;
}
