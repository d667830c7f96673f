import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { NewError } from './new-error.ts';

/** Where the files are that are copied, from the repository on. */
const TEMPLATES = 'tools/templates';

/** A working copy, as far as a generator reads it. */
export class Repository {
  readonly root: string;
  /** What its packages are called after: `@acme`. */
  readonly scope: string;
  /** The name of the project: `acme-billing`. */
  readonly project: string;

  constructor(root: string) {
    this.root = root;
    this.project = this.#nameIn('package.json');
    this.scope = dirname(this.#nameIn('tools/package.json'));
  }

  /** Folders below `apps/`, each with a package. */
  get services(): readonly string[] {
    return this.find('apps/*/package.json').map((path) => basename(dirname(path)));
  }

  /** Paths from the repository on, in order. */
  find(pattern: string): readonly string[] {
    return globSync(pattern, { cwd: this.root }).toSorted();
  }

  /** @throws {NewError} when the file is not there. */
  read(path: string): string {
    try {
      return readFileSync(join(this.root, path), 'utf8');
    } catch (cause) {
      throw new NewError(`${path} cannot be read`, { cause });
    }
  }

  has(path: string): boolean {
    return this.find(path).length > 0;
  }

  /** The text of a template, with the names that this project has. */
  template(path: string): string {
    return this.read(`${TEMPLATES}/${path}`)
      .replaceAll('@redoubt/', `${this.scope}/`)
      .replaceAll('redoubt', this.project);
  }

  /** Paths of templates below a folder, from that folder on. */
  templates(folder: string): readonly string[] {
    const start = `${TEMPLATES}/${folder}/`;
    return globSync(`${start}**/*`, { cwd: this.root, exclude: ['**/node_modules', '**/dist'], withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(this.root, start).length))
      .toSorted();
  }

  #nameIn(path: string): string {
    const { name } = JSON.parse(this.read(path)) as { readonly name?: string };
    if (name === undefined) throw new NewError(`${path} has no name`);
    return name;
  }
}
