import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { BootstrapError } from './bootstrap-error.ts';
import { type ConfigVolume, configVolumes } from './config-volumes.ts';

/** There is no secret in it, and whoever the server runs as may read it; nobody may write it. */
const FILE_MODE = 0o444;
const FOLDER_MODE = 0o555;
/** While something is written. */
const OPEN_FOLDER_MODE = 0o755;

/** Ends the name of a file that is being written. */
const UNFINISHED = '.new';

/** What became of a volume. */
type ConfigOutcome = 'kept' | 'made' | 'replaced';

/** Where the volumes are mounted, each by its name, and the folder with what each server is configured by. */
export interface ConfigPlaces {
  readonly root: string;
  readonly source: string;
}

/**
 * Makes each volume of a configuration equal to what the image brings, with modes of its own: those of the working copy that
 * the image was built from say nothing. Resolves to the lines that a person is told.
 *
 * @throws {BootstrapError} when a volume is not mounted, or the image brings nothing for it.
 */
export async function fillConfig(places: ConfigPlaces): Promise<readonly string[]> {
  const told: Record<ConfigOutcome, string[]> = { kept: [], made: [], replaced: [] };
  for (const volume of configVolumes) told[await fillVolume(places, volume)].push(volume.service);
  return [
    ...(told.made.length === 0 ? [] : [`configured ${told.made.join(', ')}`]),
    ...(told.replaced.length === 0
      ? []
      : [`new configuration for ${told.replaced.join(', ')}: a restart has them read it`]),
  ];
}

async function fillVolume(
  { root, source }: ConfigPlaces,
  { name, service, folders }: ConfigVolume,
): Promise<ConfigOutcome> {
  const target = join(root, name);
  const wanted = await readTree(join(source, service), 'the image brings no configuration for it');
  const found = await readTree(target, 'mount the volume there');
  const changed = [...wanted].filter(([path, text]) => found.get(path) !== text);
  const gone = [...found.keys()].filter((path) => !wanted.has(path));
  await openFolders(target, [...wanted.keys()], folders);
  for (const [path, text] of changed) await replaceFile(join(target, path), text);
  for (const path of gone) await rm(join(target, path));
  await closeTree(target);
  if (changed.length === 0 && gone.length === 0) return 'kept';
  return found.size === 0 ? 'made' : 'replaced';
}

/** Every file below a folder, by its path in it. */
async function readTree(folder: string, remedy: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const path of await listFiles(folder, remedy)) files.set(relative(folder, path), await readFile(path, 'utf8'));
  return files;
}

async function listFiles(folder: string, remedy: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    throw new BootstrapError(`${folder} is no folder that can be read: ${remedy}`, { cause: error });
  }
}

async function openFolders(target: string, files: readonly string[], folders: readonly string[]): Promise<void> {
  await chmod(target, OPEN_FOLDER_MODE);
  for (const folder of [...files.map((path) => dirname(path)), ...folders])
    await mkdir(join(target, folder), { recursive: true, mode: OPEN_FOLDER_MODE });
  for (const folder of await listFolders(target)) await chmod(folder, OPEN_FOLDER_MODE);
}

/** The file is whole or not there. */
async function replaceFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}${UNFINISHED}`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, text, { flag: 'wx' });
  await rename(unfinished, path);
}

async function closeTree(target: string): Promise<void> {
  for (const path of await listFiles(target, 'mount the volume there')) await chmod(path, FILE_MODE);
  for (const folder of [...(await listFolders(target)), target]) await chmod(folder, FOLDER_MODE);
}

async function listFolders(target: string): Promise<readonly string[]> {
  const entries = await readdir(target, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}
