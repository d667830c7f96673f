import { parseEnv } from 'node:util';

/** What a profile wants of one variable. */
export interface ProfileExpectation {
  readonly name: string;
  /** The value, with placeholders for what the team alone knows. */
  readonly template: string;
  readonly why: string;
  /** Where a control of the service goes with it, and what holds it there; absent: none moves. */
  readonly moves: string | undefined;
}

/** The settings of one scenario, in the order of the file. */
export interface Profile {
  readonly name: string;
  /** What the file says at its head. */
  readonly summary: string;
  readonly expectations: readonly ProfileExpectation[];
}

const ASSIGNMENT = /^(?<name>[A-Z][A-Z0-9_]*)=/;
const MOVES = /^Moves: /;

/**
 * Reads a settings file: `NAME=value` as `node --env-file` takes it, with the reason as the comment right above each, and
 * from `Moves: ` on in that comment where a control goes. A comment with an empty line after it is about the file.
 *
 * @throws {TypeError} for a line that is none of this, a variable that stands there twice, or one without a reason.
 */
export function parseProfile(name: string, text: string): Profile {
  const values = parseEnv(text);
  const [head = '', ...blocks] = text.trim().split(/\n\s*\n/);
  const expectations = blocks.flatMap((block) => expectationsOf(name, block, values));
  if (expectations.length !== Object.keys(values).length)
    throw new TypeError(`profile ${name}: a variable stands there twice, or in the first paragraph`);
  return { name, summary: sentence(head.split('\n').map(commentOf)), expectations };
}

/** A paragraph: comments, each with the assignment that they are about right below. */
function expectationsOf(
  profile: string,
  block: string,
  values: Readonly<Record<string, string | undefined>>,
): ProfileExpectation[] {
  let comments: string[] = [];
  return block.split('\n').flatMap((line) => {
    if (line.startsWith('#')) {
      comments.push(commentOf(line));
      return [];
    }
    const name = ASSIGNMENT.exec(line)?.groups?.['name'];
    if (name === undefined) throw new TypeError(`profile ${profile}: a line is neither a comment nor NAME=value`);
    const { why, moves } = reasonOf(comments);
    if (why === '') throw new TypeError(`profile ${profile}: ${name} has no reason`);
    comments = [];
    return { name, template: values[name] ?? '', why, moves };
  });
}

function reasonOf(comments: readonly string[]): Pick<ProfileExpectation, 'why' | 'moves'> {
  const at = comments.findIndex((comment) => MOVES.test(comment));
  if (at === -1) return { why: sentence(comments), moves: undefined };
  return { why: sentence(comments.slice(0, at)), moves: sentence(comments.slice(at)).replace(MOVES, '') };
}

function commentOf(line: string): string {
  return line.replace(/^#\s*/, '');
}

function sentence(lines: readonly string[]): string {
  return lines.join(' ').trim();
}
