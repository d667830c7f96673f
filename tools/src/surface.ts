/**
 * `pnpm surface`: writes the `surface.md` of each service from what the running routes declare. `--since <revision>` writes nothing and
 * prints what became looser or tighter since that revision of git. Exits 1 when the revision is not one.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { compareSurfaces } from './surface/compare-surfaces.ts';
import { reportChanges } from './surface/report-changes.ts';
import { readAtRevision } from './surface/read-at-revision.ts';
import { findServices, readService } from './surface/readable-services.ts';
import { parseSurface, surfaceDocument } from './surface/surface-document.ts';
import { takeSurface } from './surface/take-surface.ts';

const root = join(import.meta.dirname, '..', '..');

try {
  const { values } = parseArgs({ options: { since: { type: 'string' } } });
  for (const name of findServices(root)) {
    const path = `apps/${name}/surface.md`;
    const surface = await readService(root, name, takeSurface);
    if (values.since === undefined) {
      await writeFile(join(root, path), surfaceDocument(name, surface));
      console.log(`${path}: ${surface.routes.length} routes`);
      continue;
    }
    const before = parseSurface(readAtRevision(root, values.since, path));
    console.log(reportChanges(`${name}, since ${values.since}`, compareSurfaces(before, surface)));
  }
} catch (error) {
  // What is wrong is for the person at the terminal; a stack would hide it.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
