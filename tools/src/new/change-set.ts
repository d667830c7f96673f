import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { NewError } from './new-error.ts';
import type { Repository } from './repository.ts';

/** Files as they are to be: nothing is written before all of them are known. */
export class ChangeSet {
  readonly #repository: Repository;
  readonly #added = new Map<string, string>();
  readonly #changed = new Map<string, string>();

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  get added(): readonly string[] {
    return [...this.#added.keys()];
  }

  get changed(): readonly string[] {
    return [...this.#changed.keys()];
  }

  /** What a file will hold; of a file that nothing changes, what it holds. */
  textOf(path: string): string {
    return this.#added.get(path) ?? this.#changed.get(path) ?? this.#repository.read(path);
  }

  /** @throws {NewError} when there is such a file already: nothing is overwritten. */
  add(path: string, text: string): void {
    if (this.#added.has(path) || this.#repository.has(path)) throw new NewError(`${path} is there already`);
    this.#added.set(path, text);
  }

  /** @throws {NewError} when the edit finds nothing to change. */
  edit(path: string, change: (text: string) => string): void {
    const before = this.textOf(path);
    const after = change(before);
    if (after === before) throw new NewError(`${path} is not as it was expected: add the lines by hand`);
    (this.#added.has(path) ? this.#added : this.#changed).set(path, after);
  }

  write(): void {
    for (const [path, text] of [...this.#added, ...this.#changed]) {
      const file = join(this.#repository.root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}
