/**
 * Holds a report of `renovate --dry-run=extract` (tools/ci/renovate-extract.sh) against the files of the repository. Prints how
 * many dependencies, actions, images and tools were found and seen; exits 1 with those that Renovate does not see, 2 when the
 * report cannot be read.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { RepositoryFiles } from './policy/read/repository-files.ts';
import { missingItems } from './renovate/missing-items.ts';
import { pinnedItems } from './renovate/pinned-items.ts';
import { seenItems } from './renovate/seen-items.ts';

const [path, ...others] = process.argv.slice(2);
if (path === undefined || others.length > 0) {
  console.error('usage: node tools/src/renovate-coverage.ts report.json');
  process.exitCode = 2;
} else {
  const pinned = pinnedItems(RepositoryFiles.of(join(import.meta.dirname, '..', '..')));
  const missing = missingItems(pinned, seenItems(JSON.parse(readFileSync(path, 'utf8'))));
  for (const { file, line, kind, name, version } of missing) {
    console.error(`${file}:${line}  Renovate does not see the ${kind} ${name} ${version}`);
  }
  for (const [kind, items] of Map.groupBy(pinned, (item) => item.kind)) {
    console.log(`${kind}: ${items.length}, of which ${items.filter((item) => !missing.includes(item)).length} seen`);
  }
  console.log(`${pinned.length} named, ${pinned.length - missing.length} seen, ${missing.length} missing`);
  process.exitCode = missing.length === 0 ? 0 : 1;
}
