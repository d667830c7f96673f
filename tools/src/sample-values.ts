/**
 * Writes the list of sample values that a build ships beside its bundle: digests of every value that stands in a file
 * of the repository, so that production refuses each of them as a secret (RD-045). Part of `pnpm build`, for every
 * service that was built; with a path, as in a build of an image, there alone.
 */
import { execFileSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';

import { encodeSampleValues, readRepositoryTexts } from '@redoubt/config';

const root = join(import.meta.dirname, '..', '..');

/** What a replica reads at its start; the repository would have to grow by a quarter. */
const MAX_LIST_BYTES = 1024 * 1024;

/** The texts of all files that git knows; without git or its folder, as in a build of an image, of all that stand there. */
export async function readSampleTexts(folder: string): Promise<readonly string[]> {
  const paths = trackedPaths(folder);
  if (paths === undefined) return readRepositoryTexts(folder);
  return Promise.all(paths.map((path) => readText(join(folder, path))));
}

async function readText(path: string): Promise<string> {
  // Git knows files that were removed since, links to nothing, and folders that are repositories of their own.
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  return isFile ? readFile(path, 'utf8') : '';
}

function trackedPaths(folder: string): readonly string[] | undefined {
  try {
    const listed = execFileSync('git', ['ls-files', '-z'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return listed.split('\0').filter((path) => path !== '');
  } catch {
    // No git, or no folder of it: all files are read instead, which lists no less.
    return undefined;
  }
}

/** One beside the bundle of each service. */
function outputsOfBuild(): readonly string[] {
  return globSync('apps/*/package.json', { cwd: root }).map((path) =>
    join(root, dirname(path), 'dist', 'sample-values.bin'),
  );
}

if (import.meta.main) {
  const list = encodeSampleValues(await readSampleTexts(root));
  if (list.length > MAX_LIST_BYTES) throw new RangeError(`the list of sample values has ${list.length} bytes`);
  const [, , path] = process.argv;
  const outputs = path === undefined ? outputsOfBuild() : [path];
  for (const output of outputs) {
    await mkdir(dirname(output), { recursive: true });
    await writeFile(output, list);
  }
}
