import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';

/** Mode of the directory: nobody but its owner reads a database, a development one neither. */
const PRIVATE_DIRECTORY = 0o700;

/** Gives the directory back. Calling it again changes nothing. */
export type ReleaseDirectory = () => Promise<void>;

/**
 * Takes a database directory for this process, through a file beside it that holds the process id: two processes that
 * write to one directory destroy it, and PGlite does not look. A lock left by a process that is gone is taken over.
 *
 * @throws {Error} when another living process holds the directory; the message names the process and the file.
 */
export async function lockDirectory(directory: string): Promise<ReleaseDirectory> {
  const lockFile = `${directory.replace(/[/\\]+$/, '')}.lock`;
  await mkdir(dirname(lockFile), { recursive: true });
  await mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
  await removeStaleLock(lockFile);
  await writeLock(lockFile);
  let held = true;
  return async () => {
    if (!held) return;
    held = false;
    await rm(lockFile, { force: true });
  };
}

async function removeStaleLock(lockFile: string): Promise<void> {
  const holder = await readHolder(lockFile);
  if (holder === undefined) return;
  if (isAlive(holder)) throw lockedBy(String(holder), lockFile);
  await rm(lockFile, { force: true });
}

async function writeLock(lockFile: string): Promise<void> {
  try {
    // 'wx' fails when the file exists: of two processes that start together, one gets it.
    await using file = await open(lockFile, 'wx');
    await file.writeFile(String(process.pid));
  } catch (error) {
    throw lockedBy('another process', lockFile, error);
  }
}

async function readHolder(lockFile: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(lockFile, 'utf8'), 10);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(processId: number): boolean {
  try {
    // Signal 0 is not sent: it only asks whether one could be.
    return processId > 0 && process.kill(processId, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function lockedBy(holder: string, lockFile: string, cause?: unknown): Error {
  const message = `The database directory is in use by process ${holder}. Stop it; if it is gone, remove ${lockFile}`;
  return new Error(message, { cause });
}
