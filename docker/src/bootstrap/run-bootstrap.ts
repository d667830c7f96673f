import { join } from 'node:path';

import { type Circumstances, type CompleteFiles, completeFiles } from './complete-files.ts';
import { describeRun, type VolumeOutcome } from './describe-run.ts';
import { fillConfig } from './fill-config.ts';
import type { FoundFiles } from './found-files.ts';
import { takeRunLock } from './run-lock.ts';
import { fillFolder, readFolder, type SetOwner, type VolumeFolder } from './volume-folder.ts';
import { AUTHORITY_VOLUME, type Volume, volumes } from './volumes.ts';

/** Where the volumes are, and what the certificates depend on. */
export interface BootstrapOptions extends Circumstances {
  /** The folder in which each volume is mounted by its name. */
  readonly root: string;
  /** The folder with what the servers are configured by, one of each. */
  readonly configSource: string;
  readonly setOwner: SetOwner;
}

/**
 * Fills the volumes: what is whole stays, what is missing, damaged or due is made. Resolves to the lines that a person is
 * told, which hold no value.
 *
 * Files are written when all of them are known, so that a run that fails before has changed nothing; one that is killed
 * while it writes is completed by the next.
 *
 * @throws {BootstrapError} for what a person has to mend; whatever the file system throws.
 */
export async function runBootstrap({
  root,
  configSource,
  setOwner,
  ...circumstances
}: BootstrapOptions): Promise<readonly string[]> {
  const folders = volumes.map((volume) => ({ path: join(root, volume.name), volume, setOwner }));
  // Before the lock, which needs one of them.
  await readFolders(folders);
  using _lock = takeRunLock(join(root, AUTHORITY_VOLUME));
  const found = await readFolders(folders);
  const complete = await completeFiles(found, circumstances);
  const outcomes: VolumeOutcome[] = [];
  for (const folder of folders) outcomes.push(await fill(folder, found, complete));
  const configured = await fillConfig({ root, source: configSource });
  return [...describeRun(complete, outcomes), ...configured];
}

async function readFolders(folders: readonly VolumeFolder[]): Promise<FoundFiles> {
  const found = new Map<string, ReadonlyMap<string, string>>();
  for (const folder of folders) found.set(folder.volume.name, await readFolder(folder));
  return found;
}

async function fill(folder: VolumeFolder, found: FoundFiles, complete: CompleteFiles): Promise<VolumeOutcome> {
  const before = found.get(folder.volume.name) ?? new Map<string, string>();
  const changed = changesOf(folder.volume, before, complete);
  const kept = Object.keys(folder.volume.files).filter((file) => !changed.has(file));
  await fillFolder(folder, { changed, kept });
  return { volume: folder.volume, before: [...before.keys()], written: [...changed.keys()] };
}

function changesOf(
  { files }: Volume,
  before: ReadonlyMap<string, string>,
  { textOf }: CompleteFiles,
): ReadonlyMap<string, string> {
  const wanted = Object.entries(files).map(([file, content]) => [file, textOf(content)] as const);
  return new Map(wanted.filter(([file, text]) => before.get(file) !== text));
}
