import { dirname, join } from 'node:path/posix';

const LINK = /\]\((?<target>[^)\s]+)\)/g;
/** Code is no text: what looks like a link in it is none. */
const CODE = /```[\s\S]*?```|`[^`\n]*`/g;

/** Pages of the place that keeps the repository, which are named from a document on. */
const PAGES_OF_THE_HOST = new Set(['../../security/advisories/new']);

/** The targets of relative links of a document that are none of the paths of the repository; `path` is the document's own. */
export function brokenLinks(path: string, text: string, exists: (path: string) => boolean): readonly string[] {
  const targets = [...textOutsideCode(text).matchAll(LINK)].map(({ groups }) => groups?.['target'] ?? '');
  return targets.filter((target) => isRelative(target) && !exists(pathOf(path, target)));
}

/** A document without its blocks and spans of code. */
export function textOutsideCode(text: string): string {
  return text.replace(CODE, '');
}

function isRelative(target: string): boolean {
  return !/^(?:[a-z]+:|#)/.test(target) && !PAGES_OF_THE_HOST.has(target);
}

function pathOf(document: string, target: string): string {
  return join(dirname(document), target.replace(/#.*$/, '')).replace(/\/$/, '');
}
