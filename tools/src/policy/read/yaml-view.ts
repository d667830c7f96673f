import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';

import { UnreadableFileError } from './unreadable-file-error.ts';

interface Source {
  readonly file: string;
  readonly lines: readonly string[];
  readonly counter: LineCounter;
  readonly resolve: (node: unknown) => unknown;
  readonly toValue: (node: Node) => unknown;
}

/**
 * A value of a YAML file that knows its line. Aliases are followed and `<<` is merged, so that nothing is hidden behind an
 * anchor; what comes from one has the line of the anchor's key. A missing key reads as nothing: rules say what is missing, and where it should be.
 */
export class YamlView {
  readonly line: number;
  readonly #node: unknown;
  readonly #source: Source;

  private constructor(node: unknown, line: number, source: Source) {
    this.#node = source.resolve(node);
    this.line = line;
    this.#source = source;
  }

  /** @throws {UnreadableFileError} when the text is no YAML, or has a key twice. */
  static parse(file: string, text: string): YamlView {
    const counter = new LineCounter();
    const document = parseDocument(text, { lineCounter: counter, merge: true });
    const [error] = document.errors;
    if (error !== undefined)
      throw new UnreadableFileError(
        file,
        error.linePos?.[0].line ?? 1,
        error.message.split(' at line ')[0] ?? error.code,
      );
    const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
    const toValue = (node: Node): unknown => node.toJS(document);
    return new YamlView(document.contents, 1, { file, lines: text.split('\n'), counter, resolve, toValue });
  }

  /** The value as text, where it is one; numbers and booleans as they are written. */
  get text(): string {
    const { value } = isScalar(this.#node) ? this.#node : {};
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  }

  /** The value as plain data. */
  get value(): unknown {
    return this.#node === null || this.#node === undefined ? null : this.#source.toValue(this.#node as Node);
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  get isList(): boolean {
    return isSeq(this.#node);
  }

  /** The values of a map, in order, each with the line of its key. */
  entries(): [key: string, value: YamlView][] {
    if (!isMap(this.#node)) return [];
    const pairs = this.#node.items.map((pair): [string, YamlView] => [keyOf(pair), this.#child(pair.value, pair.key)]);
    const own = pairs.filter(([key]) => key !== '<<');
    const merged = pairs.filter(([key]) => key === '<<').flatMap(([, value]) => value.#merged());
    const known = new Set(own.map(([key]) => key));
    return [...own, ...merged.filter(([key]) => !known.has(key) && known.add(key))];
  }

  get(...path: readonly string[]): YamlView | undefined {
    const [key, ...rest] = path;
    if (key === undefined) return this;
    return this.entries()
      .find(([name]) => name === key)?.[1]
      .get(...rest);
  }

  items(): YamlView[] {
    return isSeq(this.#node) ? this.#node.items.map((item) => this.#child(item, item)) : [];
  }

  /** This value and every one below it, with the key that it stands under. */
  *walk(key = ''): Generator<[key: string, value: YamlView]> {
    yield [key, this];
    for (const [name, value] of this.entries()) yield* value.walk(name);
    for (const item of this.items()) yield* item.walk(key);
  }

  /** The comment behind the value on its line. */
  get trailingComment(): string {
    const line = this.#source.lines[this.line - 1] ?? '';
    return /(?:^|\s)#\s*(?<comment>\S.*)$/.exec(line)?.groups?.['comment']?.trim() ?? '';
  }

  /** The comment behind the value, or on the lines right above it. */
  get comment(): string {
    if (this.trailingComment !== '') return this.trailingComment;
    const above: string[] = [];
    for (let index = this.line - 2; /^\s*#/.test(this.#source.lines[index] ?? ''); index -= 1) {
      above.unshift((this.#source.lines[index] ?? '').replace(/^\s*#\s*/, ''));
    }
    return above.join(' ').trim();
  }

  /** Of a map its entries, of a list those of all its maps: the first that has a key counts. */
  #merged(): [key: string, value: YamlView][] {
    return this.isList ? this.items().flatMap((item) => item.entries()) : this.entries();
  }

  #child(node: unknown, place: unknown): YamlView {
    const start = (place as { range?: readonly number[] | null } | null)?.range?.[0];
    const line = start === undefined ? this.line : this.#source.counter.linePos(start).line;
    return new YamlView(node, line, this.#source);
  }
}

function keyOf({ key }: Pair): string {
  if (!isScalar(key)) return '';
  // The parser's own mark for a merge is a symbol.
  return typeof key.value === 'symbol' ? '<<' : String(key.value);
}
