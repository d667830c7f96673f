import { SetupError } from './setup-error.ts';

/**
 * Regions of files that a clone may go without, between two comments on lines of their own: `template-only` is about the
 * template itself and leaves with the first setup, `example-domain` leaves when the example is not kept.
 */
export type RegionName = 'template-only' | 'example-domain';

/** A line that is a comment and begins with the mark, in the languages of the repository. */
function markOf(name: RegionName, end: 'start' | 'end'): RegExp {
  return new RegExp(String.raw`^\s*(?:\/\/|#|--|<!--)\s*${name}:${end}\b`);
}

/**
 * A text without these regions, their marks included, and how many there were.
 *
 * @throws {SetupError} for a mark without its other one: what would be cut off is not known.
 */
export function removeRegions(
  path: string,
  text: string,
  names: readonly RegionName[],
): { text: string; count: number } {
  if (!names.some((name) => text.includes(`${name}:`))) return { text, count: 0 };
  const kept: string[] = [];
  let open: RegionName | undefined;
  let count = 0;
  let wasClosed = false;
  for (const line of text.split('\n')) {
    const starting = names.find((name) => markOf(name, 'start').test(line));
    const ending = names.find((name) => markOf(name, 'end').test(line));
    if (starting !== undefined ? open !== undefined : ending !== undefined && ending !== open)
      throw new SetupError(`${path}: a region ${starting ?? ending} begins or ends within another, or nowhere`);
    if (starting !== undefined) open = starting;
    // What stood between two empty lines leaves one.
    const isDoubled = wasClosed && line === '' && kept.at(-1) === '';
    if (open === undefined && !isDoubled) kept.push(line);
    wasClosed = ending !== undefined;
    if (ending === undefined) continue;
    open = undefined;
    count += 1;
  }
  if (open !== undefined) throw new SetupError(`${path}: the region ${open} has no end`);
  return { text: kept.join('\n'), count };
}
