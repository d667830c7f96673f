import { formsOf, spellingOf, wordsOf } from './name-forms.ts';
import type { ProjectNames } from './project-names.ts';

/** A text with all names replaced, and how many there were. */
export interface Renamed {
  readonly text: string;
  readonly count: number;
}

/** Replaces names in a text. */
export type Renamer = (text: string) => Renamed;

/**
 * Makes what replaces one project's scope, domain and name by another's, in one pass: what has been replaced is never
 * looked at again. The name is found in every spelling and inside of words, and keeps its spelling.
 */
export function createRenamer(from: ProjectNames, to: ProjectNames): Renamer {
  const forms = formsOf(to.name);
  const pattern = new RegExp(
    `(?<scope>${scopePattern(from.scope)})|(?<domain>${domainPattern(from.domain)})|(?<name>${namePattern(from.name)})`,
    'gi',
  );
  return (text) => {
    let count = 0;
    const renamed = text.replace(pattern, (match: string, ...rest) => {
      count += 1;
      const groups = rest.at(-1) as Partial<Record<'scope' | 'domain' | 'name', string>>;
      const offset = rest.at(-3) as number;
      if (groups.scope !== undefined) return to.scope;
      // In a regular expression the dots are escaped, and stay so.
      if (groups.domain !== undefined) return match.includes('\\') ? escape(to.domain) : to.domain;
      const end = offset + match.length;
      return forms[spellingOf(match, { before: text.slice(offset - 1, offset), after: text.slice(end, end + 1) })];
    });
    return { text: renamed, count };
  };
}

/** Replaces the owners of a CODEOWNERS file; the longer one first, since a user may be the start of a team. */
export function createOwnerRenamer(from: ProjectNames, to: ProjectNames): Renamer {
  const owners = new Map([
    [from.securityOwner.toLowerCase(), to.securityOwner],
    [from.owner.toLowerCase(), to.owner],
  ]);
  const pattern = new RegExp(`(?<![^\\s])(?:${[...owners.keys()].map(escape).join('|')})(?![^\\s])`, 'gi');
  return (text) => {
    let count = 0;
    const renamed = text.replace(pattern, (owner) => {
      count += 1;
      return owners.get(owner.toLowerCase()) ?? owner;
    });
    return { text: renamed, count };
  };
}

/** Whether a text has this name of a project in it, in any spelling. */
export function hasName(text: string, names: ProjectNames, kind: 'name' | 'scope' | 'domain'): boolean {
  const pattern = { name: namePattern, scope: scopePattern, domain: domainPattern }[kind](names[kind]);
  return new RegExp(pattern, 'i').test(text);
}

/** `@scope` as a scope: no part of an address such as `mail@scope.example`. */
function scopePattern(scope: string): string {
  return String.raw`(?<![\w.+-])${escape(scope)}(?![\w-]|\.\w)`;
}

function domainPattern(domain: string): string {
  const labels = domain
    .split('.')
    .map(escape)
    .join(String.raw`\\?\.`);
  return String.raw`(?<![\w-])${labels}(?![\w-])`;
}

function namePattern(name: string): string {
  return wordsOf(name).map(escape).join('[ _-]?');
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
