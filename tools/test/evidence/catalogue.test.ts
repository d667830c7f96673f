import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { isRequirement } from '../../src/claims/requirements.ts';
import { readCatalogue } from '../../src/evidence/catalogue.ts';
import { selectTests } from '../../src/evidence/select-tests.ts';
import { readTestSources } from '../../src/evidence/test-sources.ts';
import { asvs, own } from './fixtures.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(root, 'tools/evidence', path), 'utf8');
const { requirements } = readCatalogue(read('requirements.yaml'), read('asvs.yaml'));
const nothing = { suites: new Set<never>(), tests: [], steps: new Map<string, never>() };

/** As many requirements as OWASP ASVS 5.0.0 has on each level. */
const ASVS_LEVELS = { 1: 70, 2: 183, 3: 92 };

describe('the catalogue of the repository', () => {
  it('has each requirement of the project', () => {
    const ids = requirements.filter(({ level }) => level === undefined).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 82 }, (_, index) => `SR-${index + 1}`));
  });

  it('has as many requirements of ASVS as there are, on each level', () => {
    for (const [level, count] of Object.entries(ASVS_LEVELS))
      expect(requirements.filter((each) => each.level === Number(level))).toHaveLength(count);
  });

  it('says of each requirement of ASVS how it is shown, why it is open, or why it does not apply', () => {
    const silent = requirements.filter(
      ({ level, requirements: own, tests, open, notApplicable }) =>
        level !== undefined && own.length + tests.length === 0 && open === undefined && notApplicable === undefined,
    );
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  it('names files that are there, and requirements that exist', () => {
    const sources = readTestSources(root);
    expect(
      requirements.flatMap(({ tests }) => tests.flatMap((test) => selectTests(test, nothing, sources).faults)),
    ).toEqual([]);
    expect(requirements.flatMap(({ requirements: named }) => named.filter((id) => !isRequirement(id)))).toEqual([]);
  });
});

describe('a catalogue', () => {
  it.each<[what: string, own: string, asvs: string]>([
    ['an id of another form', own.replace('SR-10:', 'SR-x:'), asvs],
    ['no title', own.replace('title: The first thing', 'open: Nobody has looked at it'), asvs],
    ['a key that it does not know', own.replace('steps:', 'test:'), asvs],
    ['a reason that is none', own.replace('Nobody has written a test of it.', 'later'), asvs],
    ['a level that is none', own, asvs.replace('level: 3', 'level: 4')],
    [
      'a requirement that does not apply and is shown',
      own,
      asvs.replace('not-applicable', 'sr: [SR-1], not-applicable'),
    ],
    [
      'a requirement that does not apply and is open',
      own,
      asvs.replace('not-app', 'open: Somebody should look., not-app'),
    ],
    ['an id of ASVS of another form', own, asvs.replace('V1.1.2', '1.1.2')],
    ['an id twice', own, asvs.replace('V1.1.2', 'V1.1.1')],
  ])('is refused with %s', (_what, ownText, asvsText) => {
    expect(() => readCatalogue(ownText, asvsText)).toThrow(/^tools\/evidence\/|must be unique/);
  });

  it('is taken as it is described', () => {
    expect(readCatalogue(own, asvs).requirements).toHaveLength(6);
  });
});
