import type { Buffer } from 'node:buffer';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { FileChange } from './plan-setup.ts';
import { SetupError } from './setup-error.ts';

/** The calls that can fail; a test gives others. */
export interface Disk {
  readonly write: (path: string, bytes: Buffer, mode: number) => void;
  readonly move: (from: string, to: string) => void;
  readonly remove: (path: string) => void;
}

const realDisk: Disk = {
  write: (path, bytes, mode) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes, { mode });
  },
  move: (from, to) => {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  },
  remove: (path) => rmSync(path),
};

/**
 * Writes all changes or none. New bytes are first written beside the files, below `.local`, where a full disk shows;
 * then each is moved into its place. When a move fails, what was moved is put back.
 *
 * @throws {SetupError} when nothing was written in the end, or, if putting back failed too, with the paths that are changed.
 */
export function writeChanges(root: string, changes: readonly FileChange[], disk: Disk = realDisk): void {
  mkdirSync(join(root, '.local'), { recursive: true });
  const stage = mkdtempSync(join(root, '.local', 'setup-'));
  try {
    const steps = changes.map((change, index) => stageChange(root, join(stage, String(index)), change, disk));
    moveAll(root, steps, disk);
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(`nothing was changed: ${String(error)}`, { cause: error });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

interface Step extends FileChange {
  readonly staged: string;
  readonly original: Buffer | undefined;
  readonly mode: number;
}

function stageChange(root: string, staged: string, change: FileChange, disk: Disk): Step {
  const path = join(root, change.path);
  const stats = lstatSync(path, { throwIfNoEntry: false });
  const mode = (stats?.mode ?? 0o644) & 0o777;
  if (change.target !== change.path && lstatSync(join(root, change.target), { throwIfNoEntry: false }) !== undefined)
    throw new SetupError(`nothing was changed: ${change.path} would become ${change.target}, which is there already`);
  if (change.bytes !== undefined) disk.write(staged, change.bytes, mode);
  return { ...change, staged, original: stats === undefined ? undefined : readFileSync(path), mode };
}

function moveAll(root: string, steps: readonly Step[], disk: Disk): void {
  const begun: Step[] = [];
  try {
    for (const step of steps) {
      begun.push(step);
      if (step.bytes !== undefined) disk.move(step.staged, join(root, step.target));
      if (step.bytes === undefined || step.target !== step.path) disk.remove(join(root, step.path));
    }
  } catch (error) {
    const lost = begun.filter((step) => !putBack(root, step, disk)).map(({ path }) => path);
    if (lost.length === 0) throw error;
    throw new SetupError(`${String(error)}; changed all the same, and to be taken from git: ${lost.join(', ')}`, {
      cause: error,
    });
  }
}

/** Whether a file is again as it was. */
function putBack(root: string, { path, target, original, mode }: Step, disk: Disk): boolean {
  try {
    if (target !== path || original === undefined) rmSync(join(root, target), { force: true });
    if (original !== undefined) disk.write(join(root, path), original, mode);
    return true;
  } catch {
    // The caller names the file in its own error.
    return false;
  }
}
