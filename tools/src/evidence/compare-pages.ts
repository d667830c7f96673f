import type { ConditionalTest } from './catalogue.ts';
import { type RecordedRun, type Suite, suiteOf } from './recorded-run.ts';

/** A requirement as a page has it. */
interface Block {
  /** What the catalogue says of it. */
  readonly claims: readonly string[];
  /** The tests that are listed, each as `file` and its line, in order. */
  readonly tests: readonly ListedTest[];
}

interface ListedTest {
  readonly file: string;
  readonly line: string;
}

const HEADING = /^### (?<id>SR-\d+|V\d+\.\d+\.\d+)$/;
const FILE = /^\[(?<file>[^\]]+\.test\.ts)\]\(/;
const CLAIM = /^(?:\*\*|See: |Open: |Does not apply: )/;

/** What differs between the committed page and the page of a run. */
export interface Comparison {
  readonly faults: readonly string[];
  /** What could not be compared on this machine, with the reason. */
  readonly skipped: readonly string[];
}

const STALE = 'the page is not what this run writes: a step, a number or its introduction has changed';

/**
 * Holds the committed page to what the last run gives. Only a suite or a step that this run has not recorded is left out, and a
 * test that the catalogue says not every machine can run.
 */
export function comparePages(
  committed: string,
  current: string,
  { suites, steps }: Pick<RecordedRun, 'suites' | 'steps'>,
  conditional: readonly ConditionalTest[],
): Comparison {
  const [before, now] = [readPage(committed), readPage(current)];
  const ids = [...new Set([...before.keys(), ...now.keys()])];
  const faults = ids.flatMap((id) =>
    compareBlocks(before.get(id), now.get(id), suites, conditional).map((fault) => `${id}: ${fault}`),
  );
  const listed = [...before.values()].flatMap(({ tests }) => tests);
  const silent = [...new Set(listed.map(({ file }) => suiteOf(file)))].filter((suite) => !suites.has(suite));
  const skipped = [
    ...silent.toSorted().map((suite) => `the suite ${suite} was not recorded in this run`),
    ...[...steps]
      .filter(([, result]) => result === 'skipped')
      .map(([name]) => `the step ${name} could not be done here`),
    ...absentHere(listed, now, conditional),
  ];
  const isStale = faults.length === 0 && skipped.length === 0 && committed !== current;
  return { faults: isStale ? [STALE] : faults, skipped };
}

function compareBlocks(
  before: Block | undefined,
  now: Block | undefined,
  recorded: ReadonlySet<Suite>,
  conditional: readonly ConditionalTest[],
): readonly string[] {
  if (before === undefined) return ['is not on the page'];
  if (now === undefined) return ['is on the page, and in no catalogue'];
  const claims = before.claims.join('\n') === now.claims.join('\n') ? [] : ['the catalogue says something else of it'];
  const isCompared = (test: ListedTest): boolean =>
    recorded.has(suiteOf(test.file)) && reasonOf(test, conditional) === undefined;
  const [was, is] = [before.tests.filter(isCompared), now.tests.filter(isCompared)];
  return [
    ...claims,
    ...missingFrom(is, was).map(
      ({ file, line }) => `is listed, and did not pass in this run: ${file}: ${line.slice(2)}`,
    ),
    ...missingFrom(was, is).map(({ file, line }) => `is in this run, and not listed: ${file}: ${line.slice(2)}`),
  ];
}

/** Those that have no counterpart; two of one name need two. */
function missingFrom(present: readonly ListedTest[], wanted: readonly ListedTest[]): readonly ListedTest[] {
  const left = Map.groupBy(present, ({ file, line }) => `${file}\n${line}`);
  return wanted.filter(({ file, line }) => left.get(`${file}\n${line}`)?.pop() === undefined);
}

/** Why a test may be left out here. */
function reasonOf({ file, line }: ListedTest, conditional: readonly ConditionalTest[]): string | undefined {
  return conditional.find(({ test }) => {
    const [name = '', words = ''] = test.split(/(?<=\.test\.ts): /);
    return (file === name || file.endsWith(`/${name}`)) && line.includes(words);
  })?.reason;
}

/** Tests that not every machine can run, and that this one has not, each once. */
function absentHere(
  listed: readonly ListedTest[],
  now: ReadonlyMap<string, Block>,
  conditional: readonly ConditionalTest[],
): readonly string[] {
  const present = new Set([...now.values()].flatMap(({ tests }) => tests.map(({ file, line }) => `${file}\n${line}`)));
  const absent = listed.flatMap((test) => {
    const reason = present.has(`${test.file}\n${test.line}`) ? undefined : reasonOf(test, conditional);
    return reason === undefined ? [] : [`${test.file}: ${test.line.slice(2)}: ${reason}`];
  });
  return [...new Set(absent)];
}

/** Reads what a page says of each requirement. */
function readPage(page: string): ReadonlyMap<string, Block> {
  const blocks = new Map<string, { claims: string[]; tests: ListedTest[] }>();
  let block: { claims: string[]; tests: ListedTest[] } | undefined;
  let file = '';
  for (const line of page.split('\n')) {
    const { id } = HEADING.exec(line)?.groups ?? {};
    if (id !== undefined) blocks.set(id, (block = { claims: [], tests: [] }));
    file = FILE.exec(line)?.groups?.['file'] ?? file;
    if (CLAIM.test(line)) block?.claims.push(line);
    if (line.startsWith('- ')) block?.tests.push({ file, line });
  }
  return blocks;
}
