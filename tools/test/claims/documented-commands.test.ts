import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { commandFaults, documentedCommands, readCommandEntries } from '../../src/claims/documented-commands.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): string | undefined =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;

describe('the commands of the documents', () => {
  it('are run by a test or a step, or say why not', () => {
    const documents = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root })];
    const commands = documents.flatMap((path) => documentedCommands(read(path) ?? ''));
    expect(commands.length).toBeGreaterThan(30);
    expect(commandFaults(commands, readCommandEntries(read('tools/documented-commands.yaml') ?? ''), read)).toEqual([]);
  });
});

describe('a block of commands', () => {
  it('has one for each line, without remarks, and whole where it goes on', () => {
    const text =
      '```sh\na --b    # why\n\n# alone\nc \\\n  d\ne |\n  f\na --b\n```\n```ts\ng\n```\n```console\nh # kept\n```\n';
    expect(documentedCommands(text)).toEqual(['a --b', 'c d', 'e | f', 'h # kept']);
  });
});

describe('the list', () => {
  const files = new Map([['a.test.ts', "run('a')"]]);
  const faults = (yaml: string, commands = ['a']): readonly string[] =>
    commandFaults(commands, readCommandEntries(yaml), (path) => files.get(path));
  const good = 'commands: [{ command: a, in: a.test.ts, contains: "run(" }]';

  it('may name a test that has the text, or a reason', () => {
    expect(faults(good)).toEqual([]);
    expect(faults('commands: [{ command: a, because: it deletes what a person made }]')).toEqual([]);
  });

  it.each([
    ['no entry: b', good, ['a', 'b']],
    ['no document has it: a', good, []],
    ['a.test.ts does not have walk(: a', good.replace('run(', 'walk('), ['a']],
    ['b.test.ts is not there: a', good.replace('a.test', 'b.test'), ['a']],
    ['nothing runs it: a', 'commands: [{ command: a }]', ['a']],
    ['one of "in" and "because": a', 'commands: [{ command: a, because: no }]', ['a']],
    ['one of "in" and "because": a', good.replace('in:', 'because: it deletes what a person made, in:'), ['a']],
    ['twice: a', `${good.slice(0, -1)}, ${good.slice(11)}`, ['a']],
  ])('has a fault: %s', (fault, yaml, commands) => expect(faults(yaml, commands)).toEqual([fault]));

  it('is one', () => {
    expect(() => readCommandEntries('')).toThrow(TypeError);
  });
});
