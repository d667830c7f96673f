/** Finds the part of a document between `<!-- name:start -->` and `<!-- name:end -->`. */
function markersOf(name: string): readonly [string, string] {
  return [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
}

/**
 * Puts generated text between the markers of a document and leaves the rest alone. Throws a `TypeError` when the
 * markers are not there: a section that was removed by hand must not vanish silently.
 */
export function replaceSection(document: string, name: string, content: string): string {
  const [start, end] = markersOf(name);
  const from = document.indexOf(start);
  const to = document.indexOf(end);
  if (from === -1 || to < from) throw new TypeError(`the document has no section ${name}`);
  return `${document.slice(0, from + start.length)}\n\n${content.trim()}\n\n${document.slice(to)}`;
}
