import type { Catalogue, Requirement } from './catalogue.ts';
import type { RecordedRun, RecordedTest, Result } from './recorded-run.ts';
import { type Selection, selectTests, type TestSources, testsOf } from './select-tests.ts';

/** What a run shows of a requirement. */
export interface Evidence {
  readonly requirement: Requirement;
  /** By file, then by name. */
  readonly tests: readonly RecordedTest[];
  /** Files that would show it, of suites that were not recorded. */
  readonly unrecorded: readonly string[];
  /** Checks that are no tests; `undefined` where the run has not recorded one. */
  readonly steps: readonly (readonly [name: string, result: Result | undefined])[];
}

/** What is to be said of a requirement. */
export type Verdict = 'shown' | 'partly shown' | 'open' | 'does not apply' | 'not recorded' | 'failed';

/**
 * Collects what a run shows of each requirement. A fault is what makes a claim of the catalogue untrue: a test that is not
 * there, one that failed, a requirement that has neither a test that ran nor a reason.
 */
export function gatherEvidence(
  { requirements, conditional }: Catalogue,
  run: RecordedRun,
  sources: TestSources,
): { readonly evidence: readonly Evidence[]; readonly faults: readonly string[] } {
  const found = requirements.map((requirement) => gather(requirement, run, sources));
  return {
    evidence: found.map(({ evidence }) => evidence),
    faults: [
      ...found.flatMap(({ faults }) => faults),
      ...conditional
        .flatMap(({ test }) => selectTests(test, run, sources).faults)
        .map((fault) => `not-on-every-machine: ${fault}`),
    ],
  };
}

function gather(requirement: Requirement, run: RecordedRun, sources: TestSources) {
  const { id, requirements, tests, steps } = requirement;
  // Named tests say it more exactly than all those of a requirement.
  const selections: readonly Selection[] =
    tests.length > 0
      ? tests.map((selector) => selectTests(selector, run, sources))
      : requirements.map((own) => testsOf(own, run, sources));
  const evidence: Evidence = {
    requirement,
    tests: sorted(selections.flatMap((selection) => selection.tests)),
    unrecorded: [...new Set(selections.flatMap(({ unrecorded }) => unrecorded))].toSorted(),
    steps: steps.map((name) => [name, run.steps.get(name)] as const),
  };
  const notFound = selections.flatMap((selection) => selection.faults);
  const faults = [...notFound, ...failuresOf(evidence), ...(notFound.length === 0 ? silenceOf(evidence) : [])];
  return { evidence, faults: faults.map((fault) => `${id}: ${fault}`) };
}

function failuresOf({ tests, steps }: Evidence): readonly string[] {
  return [
    ...tests.filter(({ result }) => result === 'failed').map(({ file, name }) => `failed: ${file}: ${name}`),
    ...steps.filter(([, result]) => result === 'failed').map(([name]) => `failed: the step ${name}`),
  ];
}

function silenceOf(evidence: Evidence): readonly string[] {
  const isSilent = verdictOf(evidence) === 'open' && evidence.requirement.open === undefined;
  return isSilent ? ['has neither a test that ran nor a reason to be open'] : [];
}

/** Says what the evidence comes to; only what ran and passed shows anything. */
export function verdictOf({ requirement, tests, unrecorded, steps }: Evidence): Verdict {
  const results = new Set([...tests.map(({ result }) => result), ...steps.map(([, result]) => result)]);
  if (requirement.notApplicable !== undefined) return 'does not apply';
  if (results.has('failed')) return 'failed';
  if (results.has('passed')) return requirement.open === undefined ? 'shown' : 'partly shown';
  return unrecorded.length > 0 || results.has(undefined) ? 'not recorded' : 'open';
}

/** Each test once, though several selectors may have found it; several of one name in a file are told apart by nothing. */
function sorted(tests: readonly RecordedTest[]): readonly RecordedTest[] {
  return [...new Set(tests)].toSorted((one, other) => order(one.file, other.file) || order(one.name, other.name));
}

/** By code units, as on every machine. */
function order(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
