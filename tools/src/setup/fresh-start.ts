import { Buffer } from 'node:buffer';

import type { FileChange, ProjectFile } from './plan-setup.ts';

const CHANGELOG = 'CHANGELOG.md';
const MANIFEST = 'package.json';

/** A project that nobody has released. */
const FIRST_VERSION = '0.1.0';
const EMPTY_CHANGELOG = '# Changelog\n\n## Unreleased\n';

/**
 * What a clone does not take over from its template, beside the names: what was changed before it was made, the version,
 * and what the template says of itself in its manifest. Given what is planned already, gives the whole plan.
 */
export function planFreshStart(
  files: readonly ProjectFile[],
  planned: readonly FileChange[],
  name: string,
): FileChange[] {
  const changes = new Map(planned.map((change) => [change.path, change]));
  const add = (path: string, write: (current: string) => string): void => {
    const current = changes.get(path)?.bytes ?? files.find((file) => file.path === path)?.bytes;
    if (current === undefined) return;
    const bytes = Buffer.from(write(current.toString('utf8')));
    if (bytes.equals(current)) return;
    changes.set(path, { path, target: path, bytes, count: (changes.get(path)?.count ?? 0) + 1 });
  };
  add(CHANGELOG, () => EMPTY_CHANGELOG);
  add(MANIFEST, (text) => {
    const manifest = { ...(JSON.parse(text) as object), version: FIRST_VERSION, description: `${name}, a service` };
    return `${JSON.stringify(manifest, undefined, 2)}\n`;
  });
  return [...changes.values()];
}
