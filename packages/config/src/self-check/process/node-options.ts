/** Names of Node's options, without their values: `--inspect`, `--require`. */
export interface NodeOptionNames {
  /** Those in effect, from wherever. */
  readonly inEffect: readonly string[];
  /** Those that the environment asks for: whoever started the process may not have written them. */
  readonly fromEnvironment: readonly string[];
}

/** Short spellings of options that load code. */
const LONG_NAMES: ReadonlyMap<string, string> = new Map([['-r', '--require']]);

/**
 * Reads which options a process of Node was given, by `NODE_OPTIONS` and by its command line. As in Node, the latter
 * counts when both speak, the last one counts when one speaks twice, `--no-x` takes `--x` back, and `_` may stand for
 * `-`.
 */
export function readNodeOptions(nodeOptions: string, execArgv: readonly string[]): NodeOptionNames {
  const fromEnvironment = toNames(splitNodeOptions(nodeOptions));
  return { fromEnvironment, inEffect: toNames([...splitNodeOptions(nodeOptions), ...execArgv]) };
}

function toNames(words: readonly string[]): readonly string[] {
  const names = new Set<string>();
  for (const word of words.filter((text) => text.startsWith('-'))) {
    const [given = ''] = word.split('=', 1);
    const name = LONG_NAMES.get(given) ?? given.replaceAll('_', '-');
    names.add(name);
    names.delete(name.startsWith('--no-') ? name.replace('--no-', '--') : name.replace('--', '--no-'));
  }
  return [...names];
}

/** Splits as Node does: at spaces outside double quotes, inside which a backslash takes the next character as it is. */
function splitNodeOptions(text: string): readonly string[] {
  const words = text.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  return words.map((word) => word.replaceAll(/\\(.)|"/g, '$1'));
}
