import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, matchesGlob } from 'node:path';

/** Git's own folder, which no `.gitignore` names. */
const GIT_FOLDER = '.git';

/** A larger file is no source: a disk image, a database. */
const MAX_SOURCE_BYTES = 16 * 1024 * 1024;

/** A line of `.gitignore`. */
interface IgnoredName {
  readonly pattern: string;
  readonly kind: 'any' | 'folder';
}

/**
 * The texts of a repository's files, as a start from source finds them: everything below the root but what the root's
 * `.gitignore` names, which has to be plain names, as ours are. What a developer keeps there on purpose, keys in
 * `.local` among them, is no sample.
 */
export async function readRepositoryTexts(root: string): Promise<readonly string[]> {
  const ignored = parseIgnored(await readFile(join(root, '.gitignore'), 'utf8'));
  const paths = await filesBelow(root, ignored);
  const texts = await Promise.all(paths.map(readText));
  return texts.filter((text) => text !== undefined);
}

function parseIgnored(text: string): readonly IgnoredName[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ pattern: line.replace(/\/$/, ''), kind: line.endsWith('/') ? 'folder' : 'any' }));
}

async function filesBelow(folder: string, ignored: readonly IgnoredName[]): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const kept = entries.filter((entry) => entry.name !== GIT_FOLDER && !isIgnored(entry, ignored));
  const below = await Promise.all(kept.map((entry) => filesOf(folder, entry, ignored)));
  return below.flat();
}

/** Links are left out: what they lead to is a file of the repository itself, or of somebody else. */
async function filesOf(folder: string, entry: Dirent, ignored: readonly IgnoredName[]): Promise<readonly string[]> {
  const path = join(folder, entry.name);
  if (entry.isDirectory()) return filesBelow(path, ignored);
  return entry.isFile() ? [path] : [];
}

function isIgnored(entry: Dirent, ignored: readonly IgnoredName[]): boolean {
  return ignored.some(
    ({ pattern, kind }) => (kind === 'any' || entry.isDirectory()) && matchesGlob(entry.name, pattern),
  );
}

async function readText(path: string): Promise<string | undefined> {
  const bytes = await readFile(path);
  return bytes.length > MAX_SOURCE_BYTES ? undefined : bytes.toString('utf8');
}
