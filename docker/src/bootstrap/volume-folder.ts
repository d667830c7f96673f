import { chmod, chown, constants, lstat, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { join } from 'node:path';

import { BootstrapError } from './bootstrap-error.ts';
import type { Owner, Volume } from './volumes.ts';

/** Nobody but the consumer reads a file, and nobody writes it: the bootstrap puts another one in its place. */
const FILE_MODE = 0o400;
const FOLDER_MODE = 0o500;
/** While something is written. */
const OPEN_FOLDER_MODE = 0o700;
/** The bits of a mode that say who may do what. */
const PERMISSION_BITS = 0o7777;

/** Ends the name of a file that is being written; one of a killed run is removed when the file is written again. */
const UNFINISHED = '.new';

/**
 * Synchronous writes in place of fsync, which Node refuses under its permission model: once a file has its name, its
 * content is on the disk.
 */
const WRITE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_SYNC;

/** Gives a file or folder to its owner. Tests that run as nobody in particular bring their own. */
export type SetOwner = (path: string, owner: Owner) => Promise<void>;

/** The one that needs the capability CHOWN. */
export const setOwnerByChown: SetOwner = (path, { uid, gid }) => chown(path, uid, gid);

/** A volume as it is mounted. */
export interface VolumeFolder {
  readonly path: string;
  readonly volume: Volume;
  readonly setOwner: SetOwner;
}

/**
 * Reads the files of a volume that the table names.
 *
 * @throws {BootstrapError} when the volume is not there: what is written then would be gone with the container.
 */
export async function readFolder({ path, volume }: VolumeFolder): Promise<ReadonlyMap<string, string>> {
  const present = new Set(await listFolder(path));
  const files = new Map<string, string>();
  for (const file of Object.keys(volume.files))
    if (present.has(file)) files.set(file, await readFile(join(path, file), 'utf8'));
  return files;
}

/** Writes what differs, each file whole or not at all, and gives every file and the folder its mode and owner. */
export async function fillFolder(
  folder: VolumeFolder,
  { changed, kept }: { readonly changed: ReadonlyMap<string, string>; readonly kept: readonly string[] },
): Promise<void> {
  const { path } = folder;
  if (changed.size > 0) await chmod(path, OPEN_FOLDER_MODE);
  for (const [file, text] of changed) await replaceFile(folder, join(path, file), text);
  for (const file of kept) await protect(folder, join(path, file), FILE_MODE);
  await protect(folder, path, FOLDER_MODE);
}

async function listFolder(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    throw new BootstrapError(`${path} is no folder that can be read: mount the volume there`, { cause: error });
  }
}

async function replaceFile({ volume, setOwner }: VolumeFolder, path: string, text: string): Promise<void> {
  const unfinished = `${path}${UNFINISHED}`;
  await rm(unfinished, { force: true });
  await using file = await open(unfinished, WRITE_FLAGS, FILE_MODE);
  await file.writeFile(text);
  await setOwner(unfinished, volume.owner);
  await rename(unfinished, path);
}

async function protect({ volume, setOwner }: VolumeFolder, path: string, mode: number): Promise<void> {
  const stats = await lstat(path);
  if (permissionsOf(stats) !== mode) await chmod(path, mode);
  if (stats.uid !== volume.owner.uid || stats.gid !== volume.owner.gid) await setOwner(path, volume.owner);
}

function permissionsOf({ mode }: Stats): number {
  return mode & PERMISSION_BITS;
}
