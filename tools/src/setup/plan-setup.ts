import { Buffer, isUtf8 } from 'node:buffer';

import { removeRegions, type RegionName } from './marked-regions.ts';
import type { ProjectNames } from './project-names.ts';
import { createOwnerRenamer, createRenamer, type Renamed, type Renamer } from './renamer.ts';
import { TEMPLATE_FILE } from './template-record.ts';

/** A file of a project. */
export interface ProjectFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** What becomes of a file. */
export interface FileChange {
  readonly path: string;
  /** Its path afterwards; the same, unless a name was part of it. */
  readonly target: string;
  /** Its bytes afterwards; undefined: it is removed. */
  readonly bytes: Buffer | undefined;
  /** How many names and regions of it were replaced or removed. */
  readonly count: number;
}

/** What a setup is to make of files. */
export interface SetupPlan {
  readonly from: ProjectNames;
  readonly to: ProjectNames;
  /** Regions to be cut out of files. */
  readonly regions: readonly RegionName[];
  /** Files, and folders with a slash at their end, to be removed. */
  readonly removed: readonly string[];
}

/** Notices of a licence have to stay as they are, in every copy; the record of the origin is written by itself. */
const KEPT = /(?:^|\/)(?:LICENSE|NOTICE)(?:\.\w+)?$/;

/** Ordered and formatted by pnpm, and full of hashes, in which only a scope is certain to be a name. */
export const LOCKFILE = 'pnpm-lock.yaml';

const CODE_OWNERS = /(?:^|\/)CODEOWNERS$/;

/** Whether the names in a file stay. */
export function isKept(path: string): boolean {
  return path === TEMPLATE_FILE || KEPT.test(path);
}

/** Text as far as a renaming goes: anything else is carried along as it is. */
export function textOf(bytes: Buffer): string | undefined {
  return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString('utf8') : undefined;
}

/**
 * What becomes of each file that changes. Goes by rules alone, never by a list of files: every text, except notices of
 * licences; in the lockfile and in CODEOWNERS less than the name.
 *
 * @throws {SetupError} for a region without an end.
 */
export function planFiles(files: readonly ProjectFile[], plan: SetupPlan): FileChange[] {
  const renamers = renamersOf(plan);
  const renamePath = createRenamer(plan.from, plan.to);
  return files.flatMap((file): readonly FileChange[] => {
    const { path, bytes } = file;
    if (isKept(path)) return [];
    if (isRemoved(path, plan.removed)) return [{ path, target: path, bytes: undefined, count: 1 }];
    const target = renamePath(path).text;
    const changed = changeText(file, plan.regions, renamers);
    const isSame = changed.text === undefined || Buffer.from(changed.text).equals(bytes);
    if (isSame && target === path) return [];
    const after = isSame ? bytes : Buffer.from(changed.text ?? '');
    return [{ path, target, bytes: after, count: changed.count + (target === path ? 0 : 1) }];
  });
}

interface Renamers {
  readonly all: Renamer;
  readonly scope: Renamer;
  readonly owners: Renamer;
}

function renamersOf({ from, to }: SetupPlan): Renamers {
  return {
    all: createRenamer(from, to),
    scope: createRenamer(from, { ...from, scope: to.scope }),
    owners: createOwnerRenamer(from, to),
  };
}

function changeText(
  { path, bytes }: ProjectFile,
  regions: readonly RegionName[],
  renamers: Renamers,
): { text: string | undefined; count: number } {
  const text = textOf(bytes);
  if (text === undefined) return { text, count: 0 };
  if (path === LOCKFILE) return renamers.scope(text);
  const cut = removeRegions(path, text, regions);
  const renamed = CODE_OWNERS.test(path) ? renameOwners(cut.text, renamers) : renamers.all(cut.text);
  return { text: renamed.text, count: cut.count + renamed.count };
}

/** Owners are renamed as owners alone: a team may be spelled as the scope is, and be called otherwise from now on. */
function renameOwners(text: string, { owners, all }: Renamers): Renamed {
  let count = 0;
  const lines = text.split('\n').map((line) => {
    const renamed = line.trimStart().startsWith('#') ? all(line) : owners(line);
    count += renamed.count;
    return renamed.text;
  });
  return { text: lines.join('\n'), count };
}

function isRemoved(path: string, removed: readonly string[]): boolean {
  return removed.some((entry) => (entry.endsWith('/') ? path.startsWith(entry) : path === entry));
}
