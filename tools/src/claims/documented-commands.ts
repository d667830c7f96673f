import { parse } from 'yaml';

const BLOCK = /^```(?:sh|bash|console)\n(?<lines>[\s\S]*?)^```/gm;
/** Two spaces before it: where a remark of the document begins, and the command has ended. */
const REMARK = /\s{2,}#.*$/;

/** An entry of `tools/documented-commands.yaml`: what runs a command, or why nothing does. */
export interface CommandEntry {
  readonly command: string;
  readonly in?: string;
  readonly contains?: string;
  readonly because?: string;
}

/** The command lines of a document's blocks, each once: without remarks, and whole where it goes on with `\` or `|`. */
export function documentedCommands(text: string): readonly string[] {
  const lines = [...text.matchAll(BLOCK)].flatMap(({ groups }) =>
    (groups?.['lines'] ?? '').replace(/\\\n/g, ' ').replace(/\|\n/g, '| ').split('\n'),
  );
  const commands = lines.map((line) => line.replace(REMARK, '').replace(/ +/g, ' ').trim());
  return [...new Set(commands.filter((line) => line !== '' && !line.startsWith('#')))];
}

/** @throws {TypeError} when the list is none. */
export function readCommandEntries(yaml: string): readonly CommandEntry[] {
  const list: unknown = (parse(yaml) as { commands?: unknown } | null)?.commands;
  if (!Array.isArray(list)) throw new TypeError('the file has no list of commands');
  return list as CommandEntry[];
}

/** What does not fit between the commands of the documents, the entries, and the files that the entries name. */
export function commandFaults(
  commands: readonly string[],
  entries: readonly CommandEntry[],
  read: (path: string) => string | undefined,
): readonly string[] {
  const known = new Set(entries.map(({ command }) => command));
  const used = new Set(commands);
  return [
    ...[...used].filter((command) => !known.has(command)).map((command) => `no entry: ${command}`),
    ...entries.flatMap((entry, index) => [
      ...(used.has(entry.command) ? [] : [`no document has it: ${entry.command}`]),
      ...(entries.findIndex(({ command }) => command === entry.command) === index ? [] : [`twice: ${entry.command}`]),
      ...entryFaults(entry, read),
    ]),
  ];
}

function entryFaults(entry: CommandEntry, read: (path: string) => string | undefined): readonly string[] {
  const { command, in: path, contains, because } = entry;
  if (because !== undefined)
    return path === undefined && because.length > 20 ? [] : [`one of "in" and "because": ${command}`];
  if (path === undefined || contains === undefined || contains === '') return [`nothing runs it: ${command}`];
  const text = read(path);
  if (text === undefined) return [`${path} is not there: ${command}`];
  return text.includes(contains) ? [] : [`${path} does not have ${contains}: ${command}`];
}
