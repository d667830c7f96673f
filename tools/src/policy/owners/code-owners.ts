/** One line of a CODEOWNERS file. */
export interface OwnerLine {
  readonly pattern: RegExp;
  /** `*`: of everything that nobody else is named for. */
  readonly isForAll: boolean;
  readonly owners: readonly string[];
}

/** The lines of a CODEOWNERS file, in order. A line without an owner takes its files away from everybody. */
export function parseCodeOwners(text: string): OwnerLine[] {
  return text.split('\n').flatMap((line) => {
    const [pattern = '', ...owners] = line
      .replace(/(?:^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    return pattern === '' ? [] : [{ pattern: toRegExp(pattern), isForAll: /^(?:\/?\*\*?|\/)$/.test(pattern), owners }];
  });
}

/** Whether the last line that matches a path names somebody, for less than everything. */
export function isOwned(path: string, lines: readonly OwnerLine[]): boolean {
  const last = lines.findLast(({ pattern }) => pattern.test(path));
  return last !== undefined && !last.isForAll && last.owners.some((owner) => /^@\S|^\S+@\S+$/.test(owner));
}

/**
 * The pattern as gitignore has it, and CODEOWNERS with it: with a slash before its end it begins at the root, `*` stays in
 * a folder, `**` does not, and what names a folder covers all below it; `docs/*` covers no more than its own files.
 */
function toRegExp(pattern: string): RegExp {
  const isFromRoot = pattern.slice(0, -1).includes('/');
  const body = pattern
    .replace(/^\//, '')
    .replace(/\/$/, '')
    .split(/(\*\*\/?|\*|\?)/)
    .map((part) => WILDCARDS[part] ?? part.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`))
    .join('');
  const end = pattern.endsWith('/*') ? '$' : pattern.endsWith('/') ? '/' : '(?:/|$)';
  return new RegExp(`${isFromRoot ? '^' : '(?:^|/)'}${body}${end}`);
}

const WILDCARDS: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
  '': '',
};
