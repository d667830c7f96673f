import { describe, expect, it } from 'vitest';

import type { ReadFile } from '../../src/claims/claim-faults.ts';
import { THREAT_COLUMNS, findThreatFaults } from '../../src/claims/threat-model.ts';

const sources: Record<string, string> = {
  'a/test/one.test.ts': "it('SR-1: refuses', () => {});\n// It isn't SR-3 that this attacks.\nwait(); // SR-4",
  'a/test/two.test.ts': '  it(`SR-12, SR-30: ${what}`, () => {});',
};
const read: ReadFile = (path) => sources[path];

const OPEN = '| O-1 | nobody looks | look |';
const NONE = 'does not apply because nothing there is worth the trouble';

/** A border with a row for each letter. */
const whole = [
  '| S | who | asked | SR-1 | `a/test/one.test.ts` |',
  '| T | what | sealed | SR-1, SR-30 | `a/test/one.test.ts`, `a/test/two.test.ts` |',
  `| R | ${NONE} | | | |`,
  '| I | whom | none | SR-58 | open: O-1 |',
  '| D | when | bounded | SR-12 | `a/test/two.test.ts` |',
  '| E | why | denied | SR-30 | `a/test/two.test.ts` |',
];

function faultsOf(rows: readonly string[], open = OPEN): readonly string[] {
  const head = [`| ${THREAT_COLUMNS.join(' | ')} |`, '| --- | --- | --- | --- | --- |'];
  return findThreatFaults(['## B1: here and there', '', ...head, ...rows, '', '## Open', '', open].join('\n'), read);
}

/** Rows in place of the first one, and what is said of each. */
const wrong: Record<string, [row: string, fault: string]> = {
  'a test that is not there': ['| S | who | asked | SR-1 | `a/test/gone.test.ts` |', 'gone.test.ts does not exist'],
  'a test that attacks something else': [
    '| S | who | asked | SR-1 | `a/test/two.test.ts` |',
    'no test of it has SR-1 in a title',
  ],
  'a requirement that stands in a comment only': [
    '| S | who | asked | SR-3 | `a/test/one.test.ts` |',
    'no test of it has SR-3 in a title',
  ],
  'a requirement that stands behind code': [
    '| S | who | asked | SR-4 | `a/test/one.test.ts` |',
    'no test of it has SR-4 in a title',
  ],
  'a test beside the one that attacks': [
    '| S | who | asked | SR-1 | `a/test/one.test.ts`, `a/test/two.test.ts` |',
    'two.test.ts attacks none of its requirements',
  ],
  'a number that no requirement has': ['| S | who | asked | SR-83 | open: O-1 |', 'SR-83 is no requirement'],
  'no test': ['| S | who | asked | SR-1 | |', 'names no test'],
  'no requirement': ['| S | who | asked | | `a/test/one.test.ts` |', 'names no requirement'],
  'no control': ['| S | who | | SR-1 | `a/test/one.test.ts` |', 'names no threat or no control'],
  'a letter that is none': ['| X | who | asked | SR-1 | `a/test/one.test.ts` |', 'X is no letter of STRIDE'],
  'a cell too few': ['| S | who | asked | SR-1 |', 'has 4 cells'],
  'a reason that is none': ['| S | does not apply because no | | | |', 'names no threat or no control'],
  'a reason and a test': [`| S | ${NONE} | | SR-1 | \`a/test/one.test.ts\` |`, 'applies?'],
  'something open that nobody listed': ['| S | who | none | | open: O-2 |', 'O-2 is not in the list'],
};

describe('a threat model', () => {
  it('is one when each letter has a row, and each row its test, its reason, or what stays open', () => {
    expect(faultsOf(whole)).toEqual([]);
  });

  it.each(whole.map((row) => row[2]))('is none without %s', (letter) => {
    const rows = whole.filter((row) => row[2] !== letter);
    expect(faultsOf(rows)).toContain(`B1: here and there: says nothing of ${letter}`);
  });

  it.each(Object.entries(wrong))('is none with %s', (_what, [row, fault]) => {
    expect(faultsOf([row, ...whole.slice(1)]).join('\n')).toContain(fault);
  });

  it('is none when nothing leads to what stays open', () => {
    expect(faultsOf(whole, `${OPEN}\n| O-3 | forgotten | |`)).toEqual(['no threat leads to O-3']);
  });

  it('is none when a border has no table', () => {
    expect(findThreatFaults('## B1: here and there\n', read)).toHaveLength(6);
  });
});
