import { relative } from 'node:path';

import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

/** The runs of vitest that can be recorded, by what the name of a file says: `x.stack.test.ts` is of `stack`. */
export const suites = ['unit', 'servers', 'browser', 'stack', 'soak'] as const;

export type Suite = (typeof suites)[number];

/** What became of a test or of a check that is none. */
export type Result = 'passed' | 'failed' | 'skipped';

/** A test as a run left it. */
export interface RecordedTest {
  /** From the root of the repository on. */
  readonly file: string;
  /** With what it stands in: `the edge › refuses a name`. */
  readonly name: string;
  readonly result: Result;
}

/** What a run of `.ci/run`, or of a part of it, has left. */
export interface RecordedRun {
  /** Suites of which there is a report; of all others nothing is known. */
  readonly suites: ReadonlySet<Suite>;
  readonly tests: readonly RecordedTest[];
  /** Checks that are no tests, by their names in `.ci/run`. */
  readonly steps: ReadonlyMap<string, Result>;
}

const Report = Type.Object({
  testResults: Type.Array(
    Type.Object({
      name: Type.String(),
      status: Type.String(),
      assertionResults: Type.Array(
        Type.Object({ ancestorTitles: Type.Array(Type.String()), title: Type.String(), status: Type.String() }),
      ),
    }),
  ),
});

/** In place of the tests of a file that failed before its first one. */
const BROKEN_FILE = 'the file failed before its tests';

/** The suite that runs a file. */
export function suiteOf(file: string): Suite {
  return suites.find((suite) => file.endsWith(`.${suite}.test.ts`)) ?? 'unit';
}

/**
 * Reads a report of vitest's JSON reporter. What it calls pending, todo or disabled has not run, and is skipped here.
 *
 * @throws {TypeError} when the report has another form.
 */
export function readReport(text: string, root: string): readonly RecordedTest[] {
  const report: unknown = JSON.parse(text);
  if (!Value.Check(Report, report)) throw new TypeError('the report is none of the JSON reporter of vitest');
  return report.testResults.flatMap(({ name, status, assertionResults }) => {
    const file = relative(root, name).replaceAll('\\', '/');
    const tests = assertionResults.map((test): RecordedTest => ({
      file,
      name: [...test.ancestorTitles, test.title].join(' › '),
      result: resultOf(test.status),
    }));
    const isBroken = status === 'failed' && tests.every(({ result }) => result !== 'failed');
    return isBroken ? tests.concat({ file, name: BROKEN_FILE, result: 'failed' }) : tests;
  });
}

/** Reads what `.ci/run` writes of its steps: a line for each, its result and its name with a tab between them. */
export function readSteps(text: string): ReadonlyMap<string, Result> {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.split('\t')[1] ?? line, resultOf(line.split('\t')[0] ?? '')]));
}

/** Nothing that is not said to have passed has passed. */
function resultOf(status: string): Result {
  if (status === 'passed') return 'passed';
  return status === 'failed' ? 'failed' : 'skipped';
}
