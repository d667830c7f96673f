import { namedTests } from './named-tests.ts';
import { isRequirement, requirementsIn, requirementsOfTest } from './requirements.ts';

/** A sentence that says of requirements which tests attack them. */
export interface Claim {
  /** Where it stands, for the person who reads the fault. */
  readonly where: string;
  readonly requirements: string;
  readonly tests: string;
}

/** Reads a file of the repository; `undefined` when there is none. */
export type ReadFile = (path: string) => string | undefined;

/**
 * What is not true of a claim: a number that no requirement has, a test that is not there, a requirement that none of its
 * tests has in a title, a test that has none of its requirements.
 */
export function findClaimFaults({ where, requirements, tests }: Claim, read: ReadFile): readonly string[] {
  const claimed = requirementsIn(requirements);
  const attacked = new Map(namedTests(tests).map((path) => [path, attackedBy(read(path))]));
  if (claimed.length === 0) return [`${where}: names no requirement`];
  if (attacked.size === 0) return [`${where}: names no test`];
  return [
    ...claimed.filter((id) => !isRequirement(id)).map((id) => `${where}: ${id} is no requirement`),
    ...[...attacked].filter(([, ids]) => ids === undefined).map(([path]) => `${where}: ${path} does not exist`),
    ...claimed
      .filter((id) => ![...attacked.values()].some((ids) => ids?.has(id)))
      .map((id) => `${where}: no test of it has ${id} in a title`),
    ...[...attacked]
      .filter(([, ids]) => ids !== undefined && !claimed.some((id) => ids.has(id)))
      .map(([path]) => `${where}: ${path} attacks none of its requirements`),
  ];
}

function attackedBy(source: string | undefined): ReadonlySet<string> | undefined {
  return source === undefined ? undefined : requirementsOfTest(source);
}
