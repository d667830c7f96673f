import type { Finding, FindingId } from './finding.ts';

/**
 * One finding when something is so, none when it is not, and none when it is not known: what a platform does not tell
 * is no fault. It is no pass either: {@link unknownFacts} names it.
 */
export function found<Id extends FindingId>(
  isSo: boolean | undefined,
  id: Id,
  subject: string,
  seen: string,
): readonly (Finding & { readonly id: Id })[] {
  return isSo === true ? [{ id, subject, seen }] : [];
}

/** Names of the facts that could not be learned here, for a report to show: nobody looked at what rests on them. */
export function unknownFacts(facts: object): readonly string[] {
  return Object.entries(facts).flatMap(([name, fact]) => (fact === undefined ? [name] : []));
}
