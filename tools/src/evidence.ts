/**
 * `pnpm evidence`: writes docs/evidence.md from what `.ci/run` left in `.local/ci`: every requirement of the project and of OWASP
 * ASVS 5.0 with its tests and what became of them, or the reason why there is none. With `--check` it writes nothing, and
 * holds the page to that run. Exits 1 when something that the page or the catalogue claims is not true.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { readCatalogue } from './evidence/catalogue.ts';
import { comparePages } from './evidence/compare-pages.ts';
import { evidencePage } from './evidence/evidence-page.ts';
import { gatherEvidence } from './evidence/gather-evidence.ts';
import { readReport, readSteps, type RecordedRun, type Suite, suites } from './evidence/recorded-run.ts';
import { readTestSources } from './evidence/test-sources.ts';

const root = join(import.meta.dirname, '..', '..');
const recorded = join(root, '.local', 'ci');
const pagePath = join(root, 'docs/evidence.md');

const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** An empty report is of a run that was ended: it is none. */
function readRun(): RecordedRun {
  const reports = suites.flatMap((suite): [Suite, string][] => {
    const text = read(join(recorded, `${suite}.json`));
    return text === '' ? [] : [[suite, text]];
  });
  return {
    suites: new Set(reports.map(([suite]) => suite)),
    tests: reports.flatMap(([, text]) => readReport(text, root)),
    steps: readSteps(read(join(recorded, 'steps.tsv'))),
  };
}

const run = readRun();
const catalogue = readCatalogue(
  read(join(root, 'tools/evidence/requirements.yaml')),
  read(join(root, 'tools/evidence/asvs.yaml')),
);
const { evidence, faults } = gatherEvidence(catalogue, run, readTestSources(root));
const page = evidencePage(evidence, run);
const messages = [...faults];

if (run.suites.size === 0) {
  messages.push('nothing is recorded in .local/ci: .ci/run does it');
} else if (process.argv.includes('--check')) {
  const comparison = comparePages(read(pagePath), page, run, catalogue.conditional);
  for (const reason of comparison.skipped) console.log(`SKIPPED: ${reason}`);
  messages.push(...comparison.faults);
} else {
  writeFileSync(pagePath, page);
}

for (const message of messages) console.log(message);
console.log(
  messages.length === 0 ? `${evidence.length} requirements` : `${messages.length} faults; a new page: pnpm evidence`,
);
process.exitCode = messages.length === 0 ? 0 : 1;
