import { spawnSync } from 'node:child_process';

/**
 * The text of a file as it was at a revision of git; empty when the file did not exist then.
 *
 * @throws {TypeError} when git does not know the revision.
 */
export function readAtRevision(root: string, revision: string, path: string): string {
  const git = (...args: readonly string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  // What is no commit must not pass for one in which the file was not there yet.
  const commit = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`);
  if (commit.status !== 0) throw new TypeError(`git knows no revision ${revision}`);
  const file = git('show', `${commit.stdout.trim()}:${path}`);
  return file.status === 0 ? file.stdout : '';
}
