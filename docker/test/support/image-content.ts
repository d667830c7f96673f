import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { docker, succeeded } from './stack.ts';

/** More than the listing of any image here. */
const MAX_LISTING_BYTES = 64 * 1024 * 1024;

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
  const folder = await mkdtemp(join(tmpdir(), 'image-content-'));
  const container = succeeded(await docker('create', image)).stdout.trim();
  try {
    const archive = join(folder, 'root.tar');
    succeeded(await docker('export', '--output', archive, container));
    const command = ['--list', '--verbose', '--numeric-owner', '--file', archive];
    const { stdout } = await promisify(execFile)('tar', command, { maxBuffer: MAX_LISTING_BYTES });
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map(parseEntry);
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
