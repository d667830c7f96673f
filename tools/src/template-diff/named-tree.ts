import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { lineOfGit, runGit } from '../setup/git.ts';
import { planFiles, type SetupPlan } from '../setup/plan-setup.ts';
import type { TemplateFile } from './template-repository.ts';

/** Formats all files of a folder, as the setup does last. */
export type FormatFolder = (folder: string) => Promise<void>;

/**
 * Writes files of the template, with the names and in the format of a clone, as a tree into the clone's objects: no file
 * and no reference of it changes. What a patch is made of is there then for git to merge with.
 */
export async function writeNamedTree(
  clone: string,
  files: readonly TemplateFile[],
  plan: SetupPlan,
  format: FormatFolder,
): Promise<string> {
  // Not below .local: the formatter passes over what git ignores.
  const folder = mkdtempSync(join(tmpdir(), 'template-'));
  try {
    const named = nameFiles(files, plan);
    for (const { path, bytes } of named) {
      mkdirSync(dirname(join(folder, 'files', path)), { recursive: true });
      writeFileSync(join(folder, 'files', path), bytes);
    }
    await format(join(folder, 'files'));
    const input = named.map(({ path }) => `${join(folder, 'files', path)}\n`).join('');
    const ids = lineOfGit({ cwd: clone, input }, ['hash-object', '-w', '--no-filters', '--stdin-paths']).split('\n');
    const indexFile = join(folder, 'index');
    const lines = named.map(({ mode, path }, index) => `${mode} ${ids[index] ?? ''}\t${path}\n`).join('');
    runGit({ cwd: clone, indexFile, input: lines }, ['update-index', '--index-info']);
    return lineOfGit({ cwd: clone, indexFile }, ['write-tree']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function nameFiles(files: readonly TemplateFile[], plan: SetupPlan): readonly TemplateFile[] {
  const changes = new Map(planFiles(files, plan).map((change) => [change.path, change]));
  return files.flatMap((file) => {
    const change = changes.get(file.path);
    if (change === undefined) return file;
    return change.bytes === undefined ? [] : { mode: file.mode, path: change.target, bytes: change.bytes };
  });
}
