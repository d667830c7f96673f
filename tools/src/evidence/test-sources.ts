import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The sources of all tests, by their paths from the root on. */
export function readTestSources(root: string): ReadonlyMap<string, string> {
  const paths = globSync(['{apps,packages}/*/test/**/*.test.ts', '{docker,tools}/test/**/*.test.ts'], {
    cwd: root,
    exclude: ['**/node_modules', '**/dist'],
  });
  return new Map(paths.toSorted().map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')]));
}
