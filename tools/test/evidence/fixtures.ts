import { readCatalogue } from '../../src/evidence/catalogue.ts';
import { comparePages, type Comparison } from '../../src/evidence/compare-pages.ts';
import { evidencePage } from '../../src/evidence/evidence-page.ts';
import { gatherEvidence } from '../../src/evidence/gather-evidence.ts';
import { readReport, type RecordedRun, readSteps, type Suite } from '../../src/evidence/recorded-run.ts';

export const ROOT = '/somewhere';

/** Tests of a file as vitest reports them: name and status. */
export type ReportedTests = Readonly<Record<string, string>>;
/** Files of a suite with their tests. */
export type ReportedFiles = Readonly<Record<string, ReportedTests>>;

/** A report as the JSON reporter of vitest writes it. */
export function reportOf(files: ReportedFiles): string {
  const testResults = Object.entries(files).map(([file, tests]) => ({
    name: `${ROOT}/${file}`,
    status: Object.values(tests).includes('failed') ? 'failed' : 'passed',
    startTime: 1,
    assertionResults: Object.entries(tests).map(([title, status]) => ({
      ancestorTitles: ['a thing'],
      title,
      fullName: `a thing ${title}`,
      status,
      duration: 2,
    })),
  }));
  return JSON.stringify({ numTotalTests: 0, testResults });
}

export function runOf(reports: Partial<Record<Suite, ReportedFiles>>, steps = 'passed\taudit\n'): RecordedRun {
  return {
    suites: new Set(Object.keys(reports) as Suite[]),
    tests: Object.values(reports).flatMap((files) => readReport(reportOf(files), ROOT)),
    steps: readSteps(steps),
  };
}

export const own = `
requirements:
  SR-1: { title: The first thing }
  SR-2: { title: The second thing, open: Nobody has written a test of it. }
  SR-10: { title: The tenth thing, steps: [audit] }
not-on-every-machine:
  - { test: 'one.test.ts: as root', reason: needs a start as root }
`;

export const asvs = `
V1.1.1: { level: 1, subject: By a requirement, sr: [SR-1] }
V1.1.2: { level: 2, subject: By a named test, sr: [SR-1], tests: ['two.stack.test.ts: refuses'] }
V1.1.10: { level: 3, subject: Of something else, not-applicable: There is nothing of the kind. }
`;

export const sources: ReadonlyMap<string, string> = new Map([
  ['a/test/one.test.ts', "it('SR-1: refuses', () => {});\nit('SR-1: as root', () => {});"],
  ['b/test/two.stack.test.ts', "it('SR-1: refuses', () => {});\nit('SR-10: lets in', () => {});"],
]);

export const unit: ReportedFiles = { 'a/test/one.test.ts': { 'SR-1: refuses': 'passed', 'SR-1: as root': 'passed' } };
export const stack: ReportedFiles = {
  'b/test/two.stack.test.ts': { 'SR-1: refuses': 'passed', 'SR-10: lets in': 'passed' },
};

/** What `pnpm evidence` makes of a run. */
export function write(run: RecordedRun, files = { own, asvs }, from = sources) {
  const catalogue = readCatalogue(files.own, files.asvs);
  const { evidence, faults } = gatherEvidence(catalogue, run, from);
  return { page: evidencePage(evidence, run), faults, catalogue };
}

/** What `pnpm evidence --check` says of a page after a run. */
export function check(page: string, run: RecordedRun, files = { own, asvs }): Comparison {
  const { page: current, faults, catalogue } = write(run, files);
  const comparison = comparePages(page, current, run, catalogue.conditional);
  return { ...comparison, faults: [...faults, ...comparison.faults] };
}
