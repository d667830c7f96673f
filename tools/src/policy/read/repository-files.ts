import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { withoutComments } from './json-with-comments.ts';
import { trackedPaths } from './tracked-paths.ts';
import { YamlView } from './yaml-view.ts';

/** The files of a repository as rules see them: paths and texts, each read and parsed at most once. */
export class RepositoryFiles {
  readonly paths: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #read: (path: string) => string;
  readonly #texts = new Map<string, string>();
  readonly #views = new Map<string, YamlView>();

  constructor(paths: readonly string[], read: (path: string) => string) {
    this.paths = paths;
    this.#known = new Set(paths);
    this.#read = read;
  }

  /** All that is tracked below a folder. */
  static of(root: string): RepositoryFiles {
    return new RepositoryFiles(trackedPaths(root).paths, (path) => readFileSync(join(root, path), 'utf8'));
  }

  /** Files that are in no folder, by their path. */
  static from(texts: Readonly<Record<string, string>>): RepositoryFiles {
    return new RepositoryFiles(Object.keys(texts), (path) => texts[path] ?? '');
  }

  has(path: string): boolean {
    return this.#known.has(path);
  }

  matching(pattern: RegExp): string[] {
    return this.paths.filter((path) => pattern.test(path));
  }

  /** The text of a file; of one that is not there, nothing. */
  text(path: string): string {
    if (!this.has(path)) return '';
    const text = this.#texts.get(path) ?? this.#read(path);
    this.#texts.set(path, text);
    return text;
  }

  lines(path: string): string[] {
    return this.text(path).split('\n');
  }

  /** A YAML file, or a JSON file with or without comments: JSON is YAML as well, and this parser knows its lines. */
  yaml(path: string): YamlView {
    const known = this.#views.get(path);
    if (known !== undefined) return known;
    const text = path.endsWith('.json') ? withoutComments(this.text(path)) : this.text(path);
    const view = YamlView.parse(path, text);
    this.#views.set(path, view);
    return view;
  }
}
