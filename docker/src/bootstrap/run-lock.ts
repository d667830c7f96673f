import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { BootstrapError } from './bootstrap-error.ts';

/** Longest wait for another run, in milliseconds: one takes a second or two. */
const WAIT_MS = 30_000;

/** SQLite's code of a lock that somebody else holds. */
const SQLITE_BUSY = 5;

/**
 * Takes the volumes for this run until it is disposed of; a second run waits for the first.
 *
 * It is a lock of the kernel on a file, which ends with the process whatever becomes of that, so that a killed run blocks
 * nobody. Node offers none of its own; SQLite, which is in it, takes one to write to a database, and this one stays empty.
 *
 * @throws {BootstrapError} when the other run does not end.
 */
export function takeRunLock(folder: string, waitMs: number = WAIT_MS): Disposable {
  const database = new DatabaseSync(join(folder, 'lock'), { timeout: waitMs });
  try {
    // Nothing is written, and a journal on the disk would stay when the process is killed.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    throw isBusy(error) ? new BootstrapError('another bootstrap is at work on these volumes') : error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
