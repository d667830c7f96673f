import { isMap, isScalar, isSeq, type Pair, parseDocument } from 'yaml';

import { NewError } from '../new-error.ts';

/**
 * The text of a YAML document, edited at places that a parser finds: comments, anchors and the form of what is not touched
 * stay, byte for byte.
 */
export class YamlText {
  #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  /** Puts lines before a key of a map, and before the comment above it. */
  insertBefore(path: readonly string[], lines: string): void {
    const key = this.#pair(path).key;
    if (!isScalar(key) || !key.range) throw new NewError(`${path.join('.')} has no place`);
    this.#splice(this.#startOfComment(this.#startOfLine(key.range[0])), lines);
  }

  /** Puts lines behind the last entry of a map or a list. */
  append(path: readonly string[], lines: string): void {
    const { value } = this.#pair(path);
    if (!(isMap(value) || isSeq(value)) || !value.range) throw new NewError(`${path.join('.')} is no list`);
    const end = value.range[1];
    // The range ends at the line after the last entry; comments there belong to what follows.
    this.#splice(this.#text[end - 1] === '\n' ? end : end + 1, lines);
  }

  /** Puts another text in the place of a value in a line. */
  replace(path: readonly string[], change: (value: string) => string): void {
    const { value } = this.#pair(path);
    if (!isScalar(value) || !value.range) throw new NewError(`${path.join('.')} is no text`);
    const [start, end] = value.range;
    this.#text = `${this.#text.slice(0, start)}${change(this.#text.slice(start, end))}${this.#text.slice(end)}`;
  }

  /** Names a value in a line, so that an alias can stand for it elsewhere; a name that it has stays. Answers the name. */
  anchor(path: readonly string[], name: string): string {
    const { value } = this.#pair(path);
    if (!isScalar(value) || !value.range) throw new NewError(`${path.join('.')} is no text`);
    if (value.anchor !== undefined) return value.anchor;
    this.#splice(value.range[0], `&${name} `);
    return name;
  }

  has(path: readonly string[]): boolean {
    return parseDocument(this.#text, { merge: true }).hasIn(path);
  }

  #pair(path: readonly string[]): Pair {
    const parent: unknown = parseDocument(this.#text, { merge: true }).getIn(path.slice(0, -1), true);
    const found = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
      : undefined;
    if (found === undefined) throw new NewError(`there is no ${path.join('.')}`);
    return found;
  }

  #splice(at: number, lines: string): void {
    this.#text = `${this.#text.slice(0, at)}${lines}${this.#text.slice(at)}`;
  }

  #startOfLine(at: number): number {
    return this.#text.lastIndexOf('\n', at - 1) + 1;
  }

  #startOfComment(line: number): number {
    const above = this.#startOfLine(line - 1);
    return line > 0 && this.#text.slice(above, line).trimStart().startsWith('#') ? this.#startOfComment(above) : line;
  }
}
