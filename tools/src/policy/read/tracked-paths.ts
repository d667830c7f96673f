import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { UnreadableFileError } from './unreadable-file-error.ts';

/** Folders that `.gitignore` keeps out of a clone. An archive of the repository has none of them until it is used. */
const UNTRACKED_FOLDERS: ReadonlySet<string> = new Set(['.git', '.local', 'coverage', 'dist', 'node_modules']);

const LIST = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];

/** Of the list: a repository of a million files has less. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The paths that rules look at, and how they were found. */
export interface TrackedPaths {
  readonly from: 'git' | 'folder';
  /** Relative to the root, with `/`, sorted. */
  readonly paths: readonly string[];
}

/**
 * What git tracks, and what it would track with the next `git add`: a file that is new is judged before it is committed.
 * In an archive without a history, everything that stands there.
 *
 * @throws {UnreadableFileError} when there is a history that git cannot read: a folder read in its place would hide what is tracked.
 */
export function trackedPaths(root: string): TrackedPaths {
  if (!existsSync(join(root, '.git'))) return { from: 'folder', paths: walk(root, '').toSorted() };
  const { stdout, stderr, status, error } = spawnSync('git', LIST, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: MAX_BYTES,
  });
  if (status !== 0)
    throw new UnreadableFileError('.git', 1, `git does not list its files: ${error?.message ?? stderr.trim()}`);
  const paths = [...new Set(stdout.split('\0'))].filter((path) => path !== '' && isFile(join(root, path)));
  return { from: 'git', paths: paths.toSorted() };
}

/** Git knows files that were removed since, links, and folders that are repositories of their own. */
function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return UNTRACKED_FOLDERS.has(entry.name) ? [] : walk(root, path);
    return entry.isFile() ? [path] : [];
  });
}
