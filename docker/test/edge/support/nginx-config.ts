import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A line of a configuration: its name, its arguments without their quotes, and what stands in its braces. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly children: readonly Directive[];
}

/** The files of a configuration, by their path in it. */
export type NginxConfig = ReadonlyMap<string, readonly Directive[]>;

const TOKEN = /#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[;{}]|(?:\$\{[^}]*\}|[^\s;{}"'])+/g;

/** Reads every file of a folder that nginx would. */
export function readNginxConfig(folder: string): NginxConfig {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.conf(?:\.template)?$/.test(path),
  );
  return new Map(paths.map((path) => [path, parseNginx(readFileSync(join(folder, path), 'utf8'))]));
}

/** Reads a file. The variables of a template stay as they are. */
export function parseNginx(text: string): readonly Directive[] {
  const tokens = (text.match(TOKEN) ?? []).filter((token) => !token.startsWith('#'));
  return parseBlock(tokens);
}

/** Takes what belongs to a block from the tokens, its closing brace included. */
function parseBlock(tokens: string[]): readonly Directive[] {
  const directives: Directive[] = [];
  let words: string[] = [];
  for (let token = tokens.shift(); token !== undefined && token !== '}'; token = tokens.shift()) {
    if (token !== ';' && token !== '{') {
      words.push(token.replaceAll(/^["']|["']$/g, ''));
      continue;
    }
    const [name = '', ...args] = words;
    directives.push({ name, args, children: token === '{' ? parseBlock(tokens) : [] });
    words = [];
  }
  return directives;
}

/** A directive with the blocks that it stands in, the outermost first. */
export interface Placed {
  readonly path: string;
  readonly directive: Directive;
  readonly within: readonly Directive[];
}

/** Every directive of a configuration, wherever it stands. */
export function allDirectives(config: NginxConfig): readonly Placed[] {
  return [...config].flatMap(([path, directives]) => directives.flatMap((each) => placed(path, each, [])));
}

function placed(path: string, directive: Directive, within: readonly Directive[]): readonly Placed[] {
  const inner = directive.children.flatMap((child) => placed(path, child, [...within, directive]));
  return [{ path, directive, within }, ...inner];
}
