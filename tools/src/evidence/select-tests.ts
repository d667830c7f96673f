import { requirementsIn, requirementsOfTest } from '../claims/requirements.ts';
import { type RecordedRun, type RecordedTest, type Suite, suiteOf } from './recorded-run.ts';

/** The sources of all tests, by their paths from the root on. */
export type TestSources = ReadonlyMap<string, string>;

/** What a selector found: tests, or the suite that nobody ran, or nothing, with the fault. */
export interface Selection {
  readonly tests: readonly RecordedTest[];
  /** Files that would show it, of suites that were not recorded. */
  readonly unrecorded: readonly string[];
  readonly faults: readonly string[];
}

/**
 * Finds what `file.test.ts` or `file.test.ts: words of a name` says. The file may be named by its end, which has to be that
 * of one file; the words stand in the name of each test that is meant.
 */
export function selectTests(selector: string, run: RecordedRun, sources: TestSources): Selection {
  const [name = '', words = ''] = selector.split(/(?<=\.test\.ts): /);
  const files = [...sources.keys()].filter((path) => path === name || path.endsWith(`/${name}`));
  const [file] = files;
  if (file === undefined) return fault(`${selector}: no test has this name`);
  if (files.length > 1) return fault(`${selector}: is the end of ${files.join(' and ')}`);
  if (!run.suites.has(suiteOf(file))) return { tests: [], unrecorded: [file], faults: [] };
  const tests = run.tests.filter((test) => test.file === file && test.name.includes(words));
  return tests.length === 0 ? fault(`${selector}: no such test is in the run`) : { tests, unrecorded: [], faults: [] };
}

/** Finds the tests that have a requirement of the project in their names. */
export function testsOf(requirement: string, run: RecordedRun, sources: TestSources): Selection {
  const isSilent = (file: string): boolean => !run.suites.has(suiteOf(file));
  return {
    tests: run.tests.filter(({ name }) => requirementsIn(name).includes(requirement)),
    unrecorded: [...sources]
      .filter(([file, source]) => isSilent(file) && requirementsOfTest(source).has(requirement))
      .map(([file]) => file),
    faults: [],
  };
}

/** The suites of files, each once. */
export function suitesOf(files: readonly string[]): readonly Suite[] {
  return [...new Set(files.map((file) => suiteOf(file)))].toSorted();
}

function fault(text: string): Selection {
  return { tests: [], unrecorded: [], faults: [text] };
}
