/** The requirements are numbered from SR-1 to this. */
const LAST_REQUIREMENT = 82;

const REQUIREMENT = /\bSR-\d+\b/g;
const COMMENT = /^\s*(?:\/\/|\/?\*)/;

/** The requirements that a text names, each once. */
export function requirementsIn(text: string): readonly string[] {
  return [...new Set(text.match(REQUIREMENT))];
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
