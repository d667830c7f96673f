/** `100 to 45000` at the end of a placeholder: a whole number between the two. */
const RANGE = /(?<least>\d{1,9}) to (?<most>\d{1,9})$/;

const PLACEHOLDER = /<(?<meaning>[^<>]+)>/g;

/** More than any number of a setting. */
const NUMBER = String.raw`(\d{1,9})`;
const TEXT = '[^<>]+';

/**
 * Whether a value is what a profile wants: the text itself, with anything in place of `<what it is>` and a whole number
 * within its bounds in place of `<what it is, 1 to 10>`. `rediss://<host>` is any address of that scheme.
 */
export function isFilledTemplate(template: string, value: string): boolean {
  const ranges = [...template.matchAll(PLACEHOLDER)].flatMap(({ groups }) => rangeOf(groups?.['meaning'] ?? '') ?? []);
  const found = new RegExp(`^${patternOf(template)}$`).exec(value);
  if (found === null) return false;
  return ranges.every(({ least, most }, index) => {
    const number = Number(found[index + 1]);
    return least <= number && number <= most;
  });
}

function patternOf(template: string): string {
  const parts = template.split(/(<[^<>]+>)/);
  return parts.map((part) => (part.startsWith('<') ? patternOfPlaceholder(part) : RegExp.escape(part))).join('');
}

function patternOfPlaceholder(part: string): string {
  return rangeOf(part.slice(1, -1)) === undefined ? TEXT : NUMBER;
}

function rangeOf(meaning: string): { readonly least: number; readonly most: number } | undefined {
  const { least, most } = RANGE.exec(meaning)?.groups ?? {};
  return least === undefined ? undefined : { least: Number(least), most: Number(most) };
}
