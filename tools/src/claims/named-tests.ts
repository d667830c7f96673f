/** What a document calls a test: a file of one, in backticks. */
const NAMED_TEST = /`(?<path>[\w@./-]+\.test\.ts)`/g;

/** The files of tests that a text names in backticks, each once. */
export function namedTests(text: string): readonly string[] {
  return [...new Set([...text.matchAll(NAMED_TEST)].map(({ groups }) => groups?.['path'] ?? ''))];
}

/**
 * The named files that are none of those that exist. A document may leave folders out in front, as `test/secret.test.ts`
 * in the README of a package does: then some test has to end like that.
 */
export function missingTests(text: string, existing: readonly string[]): readonly string[] {
  return namedTests(text).filter((name) => !existing.some((path) => path === name || path.endsWith(`/${name}`)));
}
