import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..', '..');

/** More than the names of all files of the repository. */
const MAX_LISTING_BYTES = 16 * 1024 * 1024;

/** Lists the files of the working copy that git tracks, or would. */
export async function listSources(): Promise<readonly string[]> {
  const command = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const { stdout } = await promisify(execFile)('git', command, { cwd: root, maxBuffer: MAX_LISTING_BYTES });
  return stdout.split('\0').filter((path) => path !== '');
}

/** A copy of the working copy, to build from; whoever made it puts further files there, and removes it. */
export class BuildContext {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<BuildContext> {
    const folder = await mkdtemp(join(tmpdir(), 'build-context-'));
    for (const path of await listSources()) {
      await mkdir(join(folder, dirname(path)), { recursive: true });
      // Git tracks files that were removed since.
      await cp(join(root, path), join(folder, path)).catch(ignoreMissing);
    }
    return new BuildContext(folder);
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(join(this.folder, dirname(path)), { recursive: true });
    await writeFile(join(this.folder, path), text);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
