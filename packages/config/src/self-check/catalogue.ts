import type { FindingId, FindingKind } from './finding.ts';
import { browserFindings } from './findings/browser-findings.ts';
import { clockFindings } from './findings/clock-findings.ts';
import { databaseFindings } from './findings/database-findings.ts';
import { networkFindings } from './findings/network-findings.ts';
import { processFindings } from './findings/process-findings.ts';
import { profileFindings } from './findings/profile-findings.ts';
import { secretFindings } from './findings/secret-findings.ts';
import { secretStrengthFindings } from './findings/secret-strength-findings.ts';
import { settingsFindings } from './findings/settings-findings.ts';
import { sharedStoreFindings } from './findings/shared-store-findings.ts';
import { silenceFindings } from './findings/silence-findings.ts';
import { tlsFindings } from './findings/tls-findings.ts';

/** Everything that the self-check can find, in the order of the numbers of its areas. */
const findingKinds: readonly Readonly<Record<FindingId, FindingKind>>[] = [
  settingsFindings,
  secretFindings,
  secretStrengthFindings,
  tlsFindings,
  databaseFindings,
  sharedStoreFindings,
  processFindings,
  clockFindings,
  networkFindings,
  browserFindings,
  silenceFindings,
  profileFindings,
];

/** Every finding by its number, in the order of the numbers. */
export const findingCatalogue: ReadonlyMap<FindingId, FindingKind> = mergeKinds();

/**
 * What a number stands for.
 *
 * @throws {TypeError} for a number that is not in the catalogue: a check has a number of its own invention.
 */
export function kindOf(id: FindingId): FindingKind {
  const kind = findingCatalogue.get(id);
  if (kind === undefined) throw new TypeError(`the catalogue of findings has no ${id}`);
  return kind;
}

function mergeKinds(): ReadonlyMap<FindingId, FindingKind> {
  const entries = findingKinds.flatMap((kinds) => Object.entries(kinds) as [FindingId, FindingKind][]);
  const catalogue = new Map(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
  if (catalogue.size !== entries.length) throw new TypeError('two findings have one number');
  return catalogue;
}
