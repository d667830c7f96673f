import type { FindingId } from './finding.ts';

/** Where the page of a finding is, from the root of the repository on. */
export function pageOf(id: FindingId): string {
  return `docs/findings/${id}.md`;
}
