import { dirname, join } from 'node:path/posix';

import { textOutsideCode } from './markdown-links.ts';

const LINK = /\]\((?<target>(?![a-z]+:)[^)\s#]*)#(?<anchor>[^)\s]+)\)/g;
const HEADING = /^#{1,6} (?<title>.*)$/gm;
const MARK = /<a id="(?<id>[^"]+)"/g;

/** Links of a document to a heading or mark that the document they lead to does not have. `path` is the document's own. */
export function brokenAnchors(
  path: string,
  text: string,
  read: (path: string) => string | undefined,
): readonly string[] {
  const links = [...textOutsideCode(text).matchAll(LINK)].map(({ groups }) => ({
    target: groups?.['target'] ?? '',
    anchor: groups?.['anchor'] ?? '',
  }));
  return links
    .filter(({ target, anchor }) => {
      const content = target === '' ? text : read(join(dirname(path), target));
      // A document that is not there is a broken link already.
      return content !== undefined && !anchorsOf(content).has(anchor);
    })
    .map(({ target, anchor }) => `${target}#${anchor}`);
}

function anchorsOf(text: string): ReadonlySet<string> {
  const withoutBlocks = text.replace(/^```[\s\S]*?^```/gm, '');
  const headings = [...withoutBlocks.matchAll(HEADING)].map(({ groups }) => slug(groups?.['title'] ?? ''));
  return new Set(headings.concat([...text.matchAll(MARK)].map(({ groups }) => groups?.['id'] ?? '')));
}

/** The name that GitHub gives a heading. */
function slug(title: string): string {
  const words = title
    .replace(/\[(?<words>[^\]]*)\]\([^)]*\)/g, '$<words>')
    .trim()
    .toLowerCase();
  return words.replace(/[^\p{L}\p{N}_\- ]/gu, '').replaceAll(' ', '-');
}
