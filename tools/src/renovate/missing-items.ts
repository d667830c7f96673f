import type { PinnedItem } from './pinned-items.ts';
import type { SeenItem } from './seen-items.ts';

/**
 * What the repository names by a version and Renovate does not see there. One that is seen counts for one that is named: of
 * two in a file with the same name and version, one seen leaves one missing.
 */
export function missingItems(pinned: readonly PinnedItem[], seen: readonly SeenItem[]): readonly PinnedItem[] {
  const left = [...seen];
  return pinned.filter((item) => {
    const index = left.findIndex((each) => isSame(item, each));
    if (index === -1) return true;
    left.splice(index, 1);
    return false;
  });
}

/** Names of Python packages have many spellings (PEP 503). */
function isSame({ file, name, version }: PinnedItem, seen: SeenItem): boolean {
  const known = seen.names.map(normalized);
  return seen.file === file && seen.versions.includes(version) && (name === '' || known.includes(normalized(name)));
}

function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
