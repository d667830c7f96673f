import { describe, expect, it } from 'vitest';

import { asvs, check, own, type ReportedTests, runOf, stack, unit, write } from './fixtures.ts';

const whole = runOf({ unit, stack });
const { page } = write(whole);
const runWith = (tests: ReportedTests) => runOf({ unit: { 'a/test/one.test.ts': tests }, stack });

describe('a page after another run', () => {
  it('holds when nothing has changed', () => {
    expect(check(page, whole)).toEqual({ faults: [], skipped: [] });
  });

  it('fails when a listed test is missing', () => {
    expect(check(page, runWith({ 'SR-1: as root': 'passed' })).faults).toEqual([
      'SR-1: is listed, and did not pass in this run: a/test/one.test.ts: a thing › SR-1: refuses',
    ]);
  });

  it('fails when a listed test failed', () => {
    const { faults } = check(page, runWith({ 'SR-1: refuses': 'failed', 'SR-1: as root': 'passed' }));
    expect(faults).toContain('SR-1: failed: a/test/one.test.ts: a thing › SR-1: refuses');
    expect(faults).toContain(
      'SR-1: is listed, and did not pass in this run: a/test/one.test.ts: a thing › SR-1: refuses',
    );
  });

  it('fails when a listed test was skipped', () => {
    expect(check(page, runWith({ 'SR-1: refuses': 'pending', 'SR-1: as root': 'passed' })).faults).toContain(
      'SR-1: is listed, and did not pass in this run: a/test/one.test.ts: a thing › SR-1: refuses',
    );
  });

  it('fails when a test has joined', () => {
    const tests = { 'SR-1: refuses': 'passed', 'SR-1: as root': 'passed', 'SR-1: is new': 'passed' };
    expect(check(page, runWith(tests)).faults).toEqual([
      'SR-1: is in this run, and not listed: a/test/one.test.ts: a thing › SR-1: is new',
    ]);
  });

  it('fails when a test has changed among those that are not written out', () => {
    const many = (last: string): ReportedTests => ({
      'SR-1: as root': 'passed',
      ...Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`SR-1: m${index}`, 'passed'])),
      [last]: 'passed',
    });
    const long = write(runWith(many('SR-1: z'))).page;
    expect(check(long, runWith(many('SR-1: z'))).faults).toEqual([]);
    expect(check(long, runWith(many('SR-1: zz'))).faults).toHaveLength(2);
  });

  it('fails when the catalogue says something else', () => {
    const changed = asvs.replace('There is nothing of the kind.', 'There is no such thing here.');
    expect(check(page, whole, { own, asvs: changed }).faults).toEqual([
      'V1.1.10: the catalogue says something else of it',
    ]);
  });

  it('fails for a requirement that it has not, and for one that is in no catalogue', () => {
    const more = `${asvs}V1.1.3: { level: 1, subject: One more, open: Nobody looked at it yet. }\n`;
    expect(check(page, whole, { own, asvs: more }).faults).toEqual(['V1.1.3: is not on the page']);
    const { page: longer } = write(whole, { own, asvs: more });
    expect(check(longer, whole).faults).toEqual(['V1.1.3: is on the page, and in no catalogue']);
  });

  it('fails when a step has another result, or the page was edited', () => {
    expect(check(page, runOf({ unit, stack }, 'passed\taudit\npassed\tdoctor\n')).faults.join()).toContain('a step');
    expect(check(page.replace('# Evidence', '# Proof'), whole).faults.join()).toContain('its introduction');
  });

  it('fails when a suite was recorded of which it says that it was not', () => {
    const { page: less } = write(runOf({ unit }));
    expect(check(less, whole).faults).toContain(
      'SR-1: is in this run, and not listed: b/test/two.stack.test.ts: a thing › SR-1: refuses',
    );
  });

  it('says of a suite that this machine has not run that it was skipped', () => {
    expect(check(page, runOf({ unit }))).toEqual({
      faults: [],
      skipped: ['the suite stack was not recorded in this run'],
    });
  });

  it('says of a step that could not be done here that it was skipped', () => {
    expect(check(page, runOf({ unit, stack }, 'skipped\taudit\n'))).toEqual({
      faults: [],
      skipped: ['the step audit could not be done here'],
    });
  });

  it('says of a test that not every machine can run that it was skipped, with the reason', () => {
    expect(check(page, runWith({ 'SR-1: refuses': 'passed', 'SR-1: as root': 'pending' }))).toEqual({
      faults: [],
      skipped: ['a/test/one.test.ts: a thing › SR-1: as root: needs a start as root'],
    });
  });

  it('fails when such a test failed', () => {
    const { faults } = check(page, runWith({ 'SR-1: refuses': 'passed', 'SR-1: as root': 'failed' }));
    expect(faults).toContain('SR-1: failed: a/test/one.test.ts: a thing › SR-1: as root');
  });

  it('fails in what was recorded although another suite was not', () => {
    const { faults } = check(page, runOf({ unit: { 'a/test/one.test.ts': { 'SR-1: as root': 'passed' } } }));
    expect(faults.join()).toContain('is listed, and did not pass in this run');
  });
});
