/** The requirements are numbered from SR-1 to this. */
const LAST_REQUIREMENT = 82;

/** One number, or the first and the last of several: `SR-61 to SR-66`. */
const REQUIREMENT = /\bSR-(?<first>\d+)(?: to SR-(?<last>\d+))?\b/g;
const COMMENT = /^\s*(?:\/\/|\/?\*)/;

/** The requirements that a text names, each once. */
export function requirementsIn(text: string): readonly string[] {
  return [
    ...new Set([...text.matchAll(REQUIREMENT)].flatMap(({ groups }) => idsOf(groups?.['first'], groups?.['last']))),
  ];
}

function idsOf(first = '', last = first): readonly string[] {
  const count = Number(last) - Number(first) + 1;
  if (count < 2 || count > LAST_REQUIREMENT) return [...new Set([`SR-${first}`, `SR-${last}`])];
  return Array.from({ length: count }, (_, index) => `SR-${Number(first) + index}`);
}

/** Whether there is a requirement of this number. */
export function isRequirement(id: string): boolean {
  const number = Number(/^SR-(?<number>[1-9]\d*)$/.exec(id)?.groups?.['number']);
  return number >= 1 && number <= LAST_REQUIREMENT;
}

/**
 * The requirements that a test attacks, as far as its source can say: those in a title. What a comment says is no claim of
 * a test, so that only what stands behind a quote counts.
 */
export function requirementsOfTest(source: string): ReadonlySet<string> {
  const lines = source.split('\n').filter((line) => !COMMENT.test(line));
  return new Set(lines.flatMap((line) => requirementsIn(/['"`].*$/.exec(line)?.[0] ?? '')));
}
