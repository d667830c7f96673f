import { createHash } from 'node:crypto';

import { type Evidence, type Verdict, verdictOf } from './gather-evidence.ts';
import { type RecordedRun, type RecordedTest, suites } from './recorded-run.ts';
import { suitesOf } from './select-tests.ts';

const INTRODUCTION = `# Evidence

Written by \`pnpm evidence\` from what \`.ci/run\` recorded; \`pnpm evidence --check\` holds it to the last run. Each requirement
has the tests that carry its id or are named for it in [tools/evidence](../tools/evidence), with what became of them, or the
reason why it is open or does not apply. Nothing here is certified by anybody: it says which tests to read. Why it is made like
this: [decision 027](decisions/027-evidence.md).

- **shown**: tests of it ran, and all passed
- **partly shown**: the same, and what they do not show is said
- **open**: no test shows it; the reason is said
- **not recorded**: its tests are of a suite that was not run; nothing is known
- **does not apply**: what it speaks of is not here; the reason is said

Titles of ASVS requirements are our own short words for them. What counts is the text of
[OWASP ASVS 5.0](https://github.com/OWASP/ASVS/tree/v5.0.0).
`;

/** The columns of the table of numbers. */
const VERDICTS: readonly Verdict[] = ['shown', 'partly shown', 'open', 'not recorded', 'failed', 'does not apply'];

/** So many names of one file are written out; the page would be too long to be shown with the cases of every table. */
const NAMES_MAX = 3;
/** A name longer than this is cut: its beginning tells it apart from its neighbours, or its place does. */
const NAME_MAX_CHARACTERS = 140;
/** Hexadecimal digits: enough that no two sets of names that follow each other are taken for one. */
const DIGEST_LENGTH = 12;

/** Writes the page. The same evidence gives the same text, on every machine and at any time. */
export function evidencePage(evidence: readonly Evidence[], run: RecordedRun): string {
  const own = evidence.filter(({ requirement }) => requirement.level === undefined);
  const asvs = evidence.filter(({ requirement }) => requirement.level !== undefined);
  return [
    INTRODUCTION,
    `## What was recorded\n\n${recordedTable(run)}\n`,
    `## In numbers\n\n${numbersTable(own, asvs)}\n`,
    `## Requirements of the project\n\n${own.map((each) => block(each)).join('\n')}`,
    `## OWASP ASVS 5.0\n\n${asvs.map((each) => block(each)).join('\n')}`,
  ].join('\n');
}

function recordedTable(run: RecordedRun): string {
  const rows = [
    ...suites.map((suite) => `| suite ${suite} | ${run.suites.has(suite) ? 'recorded' : 'not recorded'} |`),
    ...[...run.steps].map(([name, result]) => `| step ${name} | ${result} |`),
  ];
  return ['| what | |', '| --- | --- |', ...rows].join('\n');
}

function numbersTable(own: readonly Evidence[], asvs: readonly Evidence[]): string {
  const groups: readonly (readonly [string, readonly Evidence[]])[] = [
    ['of the project', own],
    ...([1, 2, 3] as const).map(
      (level) => [`ASVS level ${level}`, asvs.filter(({ requirement }) => requirement.level === level)] as const,
    ),
  ];
  const rows = groups.map(([name, group]) => {
    const counts = VERDICTS.map((verdict) => group.filter((each) => verdictOf(each) === verdict).length);
    return `| ${[name, ...counts].join(' | ')} |`;
  });
  return [`| requirements | ${VERDICTS.join(' | ')} |`, `| --- |${' --- |'.repeat(VERDICTS.length)}`, ...rows].join(
    '\n',
  );
}

function block(evidence: Evidence): string {
  const { requirement, tests } = evidence;
  const isListed = tests.length > 0 && !isShownElsewhere(evidence);
  const level = requirement.level === undefined ? '' : ` (level ${requirement.level})`;
  return [
    `### ${requirement.id}`,
    `**${requirement.title}**${level}`,
    ...statements(evidence),
    ...(isListed ? [`<details><summary>${count(tests.length, 'test')}</summary>`, ...lists(tests), '</details>'] : []),
  ]
    .map((paragraph) => `${paragraph}\n`)
    .join('\n');
}

/** Whether its tests are listed where the requirements of the project are. */
function isShownElsewhere({ requirement }: Evidence): boolean {
  return requirement.level !== undefined && requirement.tests.length === 0;
}

function statements(evidence: Evidence): readonly string[] {
  const { requirement, tests, unrecorded, steps } = evidence;
  const links = requirement.requirements
    .filter((id) => id !== requirement.id)
    .map((id) => `[${id}](#${id.toLowerCase()})`);
  const verdict = verdictOf(evidence);
  return [
    `${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}${resultsOf(tests)}.`,
    ...(links.length > 0 ? [`See: ${links.join(', ')}`] : []),
    ...(requirement.open === undefined ? [] : [`Open: ${requirement.open}`]),
    ...(requirement.notApplicable === undefined ? [] : [`Does not apply: ${requirement.notApplicable}`]),
    ...steps.map(([name, result]) => `Step: ${name}: ${result ?? 'not recorded in this run'}`),
    ...suitesOf(unrecorded).map((suite) => {
      const files = unrecorded.filter((file) => suitesOf([file])[0] === suite);
      return `Not recorded in this run: ${suite} (${files.map((file) => linkTo(file)).join(', ')})`;
    }),
  ];
}

function resultsOf(tests: readonly RecordedTest[]): string {
  const texts = (['passed', 'failed', 'skipped'] as const).flatMap((result) => {
    const matching = tests.filter((test) => test.result === result).length;
    return matching === 0 ? [] : [`${count(matching, 'test')} ${result}`];
  });
  return texts.length === 0 ? '' : `: ${texts.join(', ')}`;
}

function lists(tests: readonly RecordedTest[]): readonly string[] {
  return [...Map.groupBy(tests, ({ file }) => file)].flatMap(([file, ofFile]) => [
    `${linkTo(file)}: ${ofFile.length}`,
    names(ofFile).join('\n'),
  ]);
}

/** What did not pass is written out always. What is left out is there by its digest: another set of names is another page. */
function names(tests: readonly RecordedTest[]): readonly string[] {
  const passed = tests.filter(({ result }) => result === 'passed');
  const isCut = passed.length > NAMES_MAX + 1;
  const left = isCut ? passed.slice(NAMES_MAX) : [];
  return [
    ...tests.filter(({ result }) => result !== 'passed').map(({ name, result }) => `- ${shown(name)} (${result})`),
    ...(isCut ? passed.slice(0, NAMES_MAX) : passed).map(({ name }) => `- ${shown(name)}`),
    ...(isCut ? [`- and ${left.length} more, whose names have the digest ${digestOf(left)}`] : []),
  ];
}

function digestOf(tests: readonly RecordedTest[]): string {
  const text = JSON.stringify(tests.map(({ name }) => name));
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH);
}

function linkTo(file: string): string {
  return `[${file}](../${file})`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A name as text of Markdown in one line, whatever a test put into it. */
function shown(name: string): string {
  const visible = name.replaceAll(
    /[\p{C}\u2028\u2029]/gu,
    (character) => `U+${character.codePointAt(0)?.toString(16)}`,
  );
  const cut =
    visible.length > NAME_MAX_CHARACTERS ? `${visible.slice(0, NAME_MAX_CHARACTERS).toWellFormed()}…` : visible;
  return cut.replaceAll(/[\\`*_{}[\]<>|#~&$]/g, (character) => `\\${character}`);
}
