import { mkdirSync } from 'node:fs';

import { askGit, lineOfGit, runGit } from '../setup/git.ts';
import type { ProjectFile } from '../setup/plan-setup.ts';
import { SetupError } from '../setup/setup-error.ts';
import type { TemplateChange } from './template-change.ts';

/** What the template's own HEAD is called here. */
const NEWEST = 'refs/template/newest';

/** A file of a commit, with its mode as git has it. */
export interface TemplateFile extends ProjectFile {
  readonly mode: string;
}

/** The template, as a bare repository that is a copy of it: nothing of it is checked out, and none of its code runs. */
export class TemplateRepository {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws {SetupError} when it cannot be fetched, with what git says. */
  fetch(url: string): void {
    mkdirSync(this.#folder, { recursive: true });
    runGit({ cwd: this.#folder }, ['init', '--quiet', '--bare']);
    const refs = ['+HEAD:refs/template/newest', '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
    const options = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head'];
    this.#run(['-c', 'protocol.ext.allow=never', 'fetch', ...options, '--', url, ...refs]);
  }

  /** The whole id of a commit, branch or tag; without one, of the newest commit. */
  resolve(revision = NEWEST): string {
    const { code, stdout } = this.#ask([
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${revision}^{commit}`,
    ]);
    if (code !== 0) throw new SetupError(`the template has no commit ${revision}`);
    return stdout.toString('utf8').trim();
  }

  /** The commit that a clone was made at; where its history has been left behind, the newest one with the same files. */
  find({ commit, tree }: { readonly commit: string; readonly tree: string }): string {
    if (this.#ask(['cat-file', '-e', `${commit}^{commit}`]).code === 0) return commit;
    const lines = this.#run(['log', '--all', '--format=%H %T']).toString('utf8').split('\n');
    const found = lines.map((line) => line.split(' ')).find(([, each]) => each === tree)?.[0];
    if (found === undefined)
      throw new SetupError(`the template has no commit ${commit}, and none with the same files: give --since`);
    return found;
  }

  treeOf(commit: string): string {
    return lineOfGit({ cwd: this.#folder }, ['rev-parse', `${commit}^{tree}`]);
  }

  /** Commits that one revision has and the other has not, the newest first; merges are no changes of their own. */
  changes(since: string, to: string): TemplateChange[] {
    const format = '--format=%x1e%H%x1f%s%x1f%(trailers:key=Security,valueonly,separator=%x2C)%x1f';
    const range = [`${since}..${to}`, '--'];
    const log = this.#run([
      '-c',
      'core.quotePath=false',
      'log',
      '--no-merges',
      '--no-renames',
      '--name-only',
      format,
      ...range,
    ]);
    return log
      .toString('utf8')
      .split('\x1e')
      .slice(1)
      .map((entry) => {
        const [commit = '', subject = '', security = '', paths = ''] = entry.split('\x1f');
        return { commit, subject, security: security.trim(), paths: paths.split('\n').filter((path) => path !== '') };
      });
  }

  /** All files below these folders, or under these paths; links and repositories inside are none. */
  files(commit: string, below: readonly string[]): TemplateFile[] {
    const listed = this.#run(['ls-tree', '-r', '-z', commit, '--', ...below])
      .toString('utf8')
      .split('\0');
    const entries = listed.flatMap((line) => {
      const { mode, id, path } = /^(?<mode>100\d{3}) blob (?<id>[0-9a-f]+)\t(?<path>[^]+)$/.exec(line)?.groups ?? {};
      return mode === undefined || id === undefined || path === undefined ? [] : [{ mode, id, path }];
    });
    if (entries.length === 0) return [];
    const input = entries.map(({ id }) => `${id}\n`).join('');
    let rest = runGit({ cwd: this.#folder, input }, ['cat-file', '--batch']);
    return entries.map(({ mode, path }) => {
      const head = rest.indexOf('\n');
      const size = Number(rest.subarray(0, head).toString('utf8').split(' ')[2]);
      const bytes = rest.subarray(head + 1, head + 1 + size);
      rest = rest.subarray(head + 2 + size);
      return { mode, path, bytes };
    });
  }

  #ask(args: readonly string[]) {
    return askGit({ cwd: this.#folder }, args);
  }

  #run(args: readonly string[]) {
    return runGit({ cwd: this.#folder }, args);
  }
}
