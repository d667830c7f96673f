import { askGit } from './git.ts';
import { SetupError } from './setup-error.ts';

/**
 * Refuses a folder in which something would be mixed with what a person has changed, or which git could not bring back.
 *
 * @throws {SetupError} without a repository, and with changes or new files that are not committed.
 */
export function assertCommitted(root: string): void {
  const { code, stdout, stderr } = askGit({ cwd: root }, ['status', '--porcelain']);
  if (code !== 0) throw new SetupError(`a clone is needed: ${stderr}`);
  if (stdout.length > 0) throw new SetupError('there are changes that are not committed: commit them, or say --force');
}
