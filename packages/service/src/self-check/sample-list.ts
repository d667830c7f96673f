import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { loadSampleValues, readSampleValues, type SampleValues } from '@redoubt/config';

/** What a build leaves beside the bundle. */
const list = join(import.meta.dirname, 'sample-values.bin');

/** The repository, from the sources on. */
const repository = join(import.meta.dirname, '..', '..', '..', '..');

/**
 * The values that stand in the repository: from the list of the build, or, where the service runs from its sources, from
 * the files themselves. Rejects where there is neither.
 */
export function loadSamples(): Promise<SampleValues> {
  // The list first: in an image nothing above the bundle may even be looked for (SR-20), and the question throws.
  return existsSync(list) || !isSource() ? loadSampleValues(list) : readSampleValues(repository);
}

function isSource(): boolean {
  return existsSync(join(repository, 'pnpm-workspace.yaml')) && existsSync(join(repository, '.gitignore'));
}
