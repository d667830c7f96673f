import { describe, expect, it } from 'vitest';

import { readReport, suiteOf } from '../../src/evidence/recorded-run.ts';
import { asvs, own, reportOf, ROOT, runOf, sources, stack, unit, write } from './fixtures.ts';

const blockOf = (page: string, id: string): string =>
  page.split(/^### /m).find((text) => text.startsWith(`${id}\n`)) ?? '';
const whole = runOf({ unit, stack });

describe('a report of vitest', () => {
  it('says of each test where it stands, what it is called and what became of it', () => {
    expect(
      readReport(reportOf({ 'a/test/one.test.ts': { b: 'passed', c: 'failed', d: 'pending', e: 'todo' } }), ROOT),
    ).toEqual(
      [
        ['b', 'passed'],
        ['c', 'failed'],
        ['d', 'skipped'],
        ['e', 'skipped'],
      ].map(([name, result]) => ({ file: 'a/test/one.test.ts', name: `a thing › ${name}`, result })),
    );
  });

  it('has a failed test where a file failed before its first one', () => {
    const text = reportOf({ 'a/test/one.test.ts': {} }).replace('"passed"', '"failed"');
    expect(readReport(text, ROOT)).toMatchObject([{ file: 'a/test/one.test.ts', result: 'failed' }]);
  });

  it('is refused in another form', () => {
    expect(() => readReport('{"testResults":[{"name":"x"}]}', ROOT)).toThrow(TypeError);
  });

  it.each([
    ['a.test.ts', 'unit'],
    ['a.e2e.test.ts', 'unit'],
    ['a.servers.test.ts', 'servers'],
    ['a.stack.test.ts', 'stack'],
    ['a.soak.test.ts', 'soak'],
  ])('knows the suite of %s', (file, suite) => {
    expect(suiteOf(file)).toBe(suite);
  });
});

describe('the page', () => {
  it('is the same for the same tests, whatever their order and their times', () => {
    const reversed = runOf({
      stack: Object.fromEntries(
        Object.entries(stack).map(([file, tests]) => [file, Object.fromEntries(Object.entries(tests).toReversed())]),
      ),
      unit,
    });
    expect(write(reversed).page).toBe(write(whole).page);
  });

  it('has every requirement, in the order of numbers', () => {
    const ids = [...write(whole).page.matchAll(/^### (?<id>\S+)/gm)].map(({ groups }) => groups?.['id']);
    expect(ids).toEqual(['SR-1', 'SR-2', 'SR-10', 'V1.1.1', 'V1.1.2', 'V1.1.10']);
  });

  it('names the tests of a requirement, with links', () => {
    const block = blockOf(write(whole).page, 'SR-1');
    expect(block).toContain('Shown: 3 tests passed.');
    expect(block).toContain(
      '[b/test/two.stack.test.ts](../b/test/two.stack.test.ts): 1\n\n- a thing › SR-1: refuses\n',
    );
  });

  it('sends from ASVS to the requirement that shows it, or names the tests', () => {
    const { page } = write(whole);
    expect(blockOf(page, 'V1.1.1')).toContain('Shown: 3 tests passed.\n\nSee: [SR-1](#sr-1)\n');
    expect(blockOf(page, 'V1.1.1')).not.toContain('<details>');
    expect(blockOf(page, 'V1.1.2')).toContain('Shown: 1 test passed.');
    expect(blockOf(page, 'V1.1.2')).toContain('two.stack.test.ts');
  });

  it('says why something is open, and why something does not apply', () => {
    const { page } = write(whole);
    expect(blockOf(page, 'SR-2')).toContain('Open.\n\nOpen: Nobody has written a test of it.');
    expect(blockOf(page, 'V1.1.10')).toContain('Does not apply.\n\nDoes not apply: There is nothing of the kind.');
  });

  it('says "partly" where tests show a part', () => {
    const partly = own.replace(
      'SR-1: { title: The first thing }',
      'SR-1: { title: The first thing, open: Not the other half of it. }',
    );
    expect(blockOf(write(whole, { own: partly, asvs }).page, 'SR-1')).toContain(
      'Partly shown: 3 tests passed.\n\nOpen: Not',
    );
  });

  it('never says "passed" of a suite that was not recorded', () => {
    const { page, faults } = write(runOf({ unit }));
    expect(faults).toEqual([]);
    expect(blockOf(page, 'V1.1.2')).toContain('Not recorded.');
    expect(blockOf(page, 'V1.1.2')).toContain('Not recorded in this run: stack ([b/test/two.stack.test.ts]');
    expect(blockOf(page, 'SR-1')).toContain('Not recorded in this run: stack');
    expect(page).toContain('| suite stack | not recorded |');
  });

  it('says of a step what became of it, or that nobody knows', () => {
    expect(blockOf(write(whole).page, 'SR-10')).toContain('Step: audit: passed');
    expect(blockOf(write(runOf({ unit }, '')).page, 'SR-10')).toContain('Step: audit: not recorded in this run');
  });

  it('counts what it says', () => {
    const { page } = write(whole);
    expect(page).toContain('| of the project | 2 | 0 | 1 | 0 | 0 | 0 |');
    expect(page).toContain('| ASVS level 3 | 0 | 0 | 0 | 0 | 0 | 1 |');
  });

  it('keeps a name in one line, as text, and in bounds', () => {
    const name = `SR-1: <b>\n*|${'x'.repeat(500)}`;
    const block = blockOf(
      write(runOf({ unit: { 'a/test/one.test.ts': { [name]: 'passed', 'SR-1: as root': 'passed' } }, stack })).page,
      'SR-1',
    );
    expect(block).toContain(String.raw`- a thing › SR-1: \<b\>U+a\*\|xxx`);
    expect(block).toMatch(/x…$/m);
    expect(block.split('\n').every((line) => line.length < 250)).toBe(true);
  });

  it('shows what did not pass before it cuts, and the others by a digest', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`SR-1: ${index}`, 'passed']));
    const tests = { ...many, 'SR-1: as root': 'passed', 'SR-1: zoo': 'failed' };
    const block = blockOf(write(runOf({ unit: { 'a/test/one.test.ts': tests }, stack })).page, 'SR-1');
    expect(block).toContain('Failed: 42 tests passed, 1 test failed.');
    expect(block).toContain('- a thing › SR-1: zoo (failed)');
    expect(block).toMatch(/- and 38 more, whose names have the digest [0-9a-f]{12}/);
  });
});

describe('a claim', () => {
  it('is a fault when its test failed', () => {
    const failed = runOf({ unit, stack: { 'b/test/two.stack.test.ts': { 'SR-1: refuses': 'failed' } } });
    expect(write(failed).faults).toContain('V1.1.2: failed: b/test/two.stack.test.ts: a thing › SR-1: refuses');
  });

  it('is a fault when its step failed', () => {
    expect(write(runOf({ unit, stack }, 'failed\taudit\n')).faults).toContain('SR-10: failed: the step audit');
  });

  it('is a fault when no such test is in the run', () => {
    const other = runOf({ unit, stack: { 'b/test/two.stack.test.ts': { 'SR-1: lets in': 'passed' } } });
    expect(write(other).faults).toEqual(['V1.1.2: two.stack.test.ts: refuses: no such test is in the run']);
  });

  it('is a fault when no file has the name, or two have', () => {
    const gone = new Map([...sources].filter(([file]) => !file.includes('two')));
    expect(write(whole, { own, asvs }, gone).faults.join()).toContain('no test has this name');
    const twice = new Map([...sources, ['c/test/two.stack.test.ts', '']]);
    expect(write(whole, { own, asvs }, twice).faults.join()).toContain(
      'is the end of b/test/two.stack.test.ts and c/test/',
    );
  });

  it('is none while one of its tests has run', () => {
    const tests = { 'SR-1: refuses': 'pending', 'SR-1: as root': 'passed' };
    expect(write(runOf({ unit: { 'a/test/one.test.ts': tests } })).faults).toEqual([]);
  });

  it('is a fault when all of its tests were skipped', () => {
    const skipped = { 'a/test/one.test.ts': { 'SR-1: refuses': 'pending', 'SR-1: as root': 'skipped' } };
    const { faults } = write(
      runOf({ unit: skipped, stack: { 'b/test/two.stack.test.ts': { 'SR-1: refuses': 'todo' } } }),
    );
    expect(faults).toEqual([
      'SR-1: has neither a test that ran nor a reason to be open',
      'V1.1.1: has neither a test that ran nor a reason to be open',
      'V1.1.2: has neither a test that ran nor a reason to be open',
    ]);
  });

  it('is a fault when there is nothing at all', () => {
    const more = own.replace(
      'SR-2: { title: The second thing, open: Nobody has written a test of it. }',
      'SR-2: { title: The second thing }',
    );
    expect(write(whole, { own: more, asvs }).faults).toEqual([
      'SR-2: has neither a test that ran nor a reason to be open',
    ]);
  });
});
