import { type Direction, directionOf } from './direction.ts';

const RANGE = /(-?[\d.]*?)\.\.(-?[\d.]*)/;
const CHOICES = /^one of (.*)$/;

/** Tells whether a field takes more than before: a wider range, one choice more, a format or a pattern less. */
export function compareBounds(before: string, after: string): Direction {
  const [old, now] = [CHOICES.exec(before)?.[1], CHOICES.exec(after)?.[1]];
  if (old !== undefined && now !== undefined) return compareSets(now.split(', '), old.split(', '));
  // What may be of several kinds is left to a reader: a change of one could make up for one of another.
  if (before.includes(' or ') || after.includes(' or ')) return 'changed';
  const [kindBefore, ...rulesBefore] = partsOf(before);
  const [kindAfter, ...rulesAfter] = partsOf(after);
  if (kindBefore !== kindAfter) return 'changed';
  const ranges = compareRanges(before, after);
  const looser = ranges.looser || rulesBefore.some((rule) => !rulesAfter.includes(rule));
  const tighter = ranges.tighter || rulesAfter.some((rule) => !rulesBefore.includes(rule));
  return directionOf(looser, tighter);
}

function compareSets(now: readonly string[], old: readonly string[]): Direction {
  return directionOf(
    now.some((choice) => !old.includes(choice)),
    old.some((choice) => !now.includes(choice)),
  );
}

/** The type without its range, and then the format and the pattern, which may have commas of its own. */
function partsOf(bounds: string): readonly string[] {
  const [kind = '', ...rules] = bounds.split(/, (?=format |pattern )/);
  return [kind.replace(RANGE, '').trim(), ...rules];
}

function compareRanges(before: string, after: string): { readonly looser: boolean; readonly tighter: boolean } {
  const [oldMinimum, oldMaximum] = rangeOf(before);
  const [newMinimum, newMaximum] = rangeOf(after);
  return {
    looser: newMinimum < oldMinimum || newMaximum > oldMaximum,
    tighter: newMinimum > oldMinimum || newMaximum < oldMaximum,
  };
}

function rangeOf(bounds: string): readonly [number, number] {
  const [, minimum = '', maximum = ''] = RANGE.exec(bounds.split(', ')[0] ?? '') ?? [];
  return [
    minimum === '' ? Number.NEGATIVE_INFINITY : Number(minimum),
    maximum === '' ? Number.POSITIVE_INFINITY : Number(maximum),
  ];
}
