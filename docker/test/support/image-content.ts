import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { docker, succeeded } from './stack.ts';

/** More than the listing of any image here, or a text in one. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** One entry of an image's root file system. */
export interface ImageEntry {
  /** From the root on: `app/node`. */
  readonly path: string;
  /** As ls(1) writes it: `-rwsr-xr-x`. */
  readonly mode: string;
  /** Of user and group, by number. */
  readonly owner: string;
}

/** Lists everything that a container of the image would find, by its export. */
export async function listImage(image: string): Promise<readonly ImageEntry[]> {
  const listing = await readExport(image, ['--list', '--verbose', '--numeric-owner']);
  return listing
    .split('\n')
    .filter((line) => line !== '')
    .map(parseEntry);
}

/**
 * Reads a text file of an image, by its path from the root on: `app/NOTICE`.
 *
 * @throws {Error} when there is none.
 */
export function readImageFile(image: string, path: string): Promise<string> {
  return readExport(image, ['--extract', '--to-stdout', path]);
}

/** What tar says of the root file system of an image. No container is started: an image has no shell to ask. */
async function readExport(image: string, command: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'image-content-'));
  const container = succeeded(await docker('create', image)).stdout.trim();
  try {
    const archive = join(folder, 'root.tar');
    succeeded(await docker('export', '--output', archive, container));
    const options = { maxBuffer: MAX_OUTPUT_BYTES };
    return (await promisify(execFile)('tar', ['--file', archive, ...command], options)).stdout;
  } finally {
    succeeded(await docker('rm', container));
    await rm(folder, { recursive: true });
  }
}

/** `-rw-r--r-- 0/0   526 2023-11-14 22:13 app/NOTICE`, of a link with its target. */
function parseEntry(line: string): ImageEntry {
  const [, mode, owner, path] = /^(\S{10})\S? +(\S+) +\S+ +\S+ +\S+ (.+?)(?: -> .+| link to .+)?$/.exec(line) ?? [];
  if (mode === undefined || owner === undefined || path === undefined)
    throw new TypeError(`tar lists something else: ${line}`);
  return { path, mode, owner };
}
