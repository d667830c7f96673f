import { describe, expect, it } from 'vitest';
import { type FindingArea, findingCatalogue, kindOf, pageOf } from '../../src/index.ts';

/** The numbers of each area, so that a number tells what it is about. */
const ranges: readonly (readonly [first: number, last: number, areas: readonly FindingArea[]])[] = [
  [1, 19, ['settings']],
  [20, 49, ['secrets']],
  [50, 59, ['tls']],
  [60, 69, ['database']],
  [70, 79, ['shared store']],
  [80, 99, ['process']],
  [100, 119, ['network', 'browser', 'process']],
  [120, 129, ['silences']],
  [130, 139, ['settings']],
];

describe('the catalogue', () => {
  it('gives each finding a number of its area, in three digits and in order', () => {
    const ids = [...findingCatalogue.keys()];
    expect(ids).toEqual(ids.toSorted());
    for (const [id, { area }] of findingCatalogue) {
      expect(id).toMatch(/^RD-\d{3}$/);
      const number = Number(id.slice('RD-'.length));
      expect(ranges.find(([first, last]) => first <= number && number <= last)?.[2]).toContain(area);
    }
  });

  it('says of each finding what is wrong in one line, its risk and how to mend it', () => {
    for (const { title, risk, remedy, source } of findingCatalogue.values()) {
      expect(title).toMatch(/^[A-Z].{10,90}[^.]$/);
      expect(risk).toMatch(/^[A-Z][\s\S]{40,}\.$/);
      expect(remedy.length).toBeGreaterThan(8);
      expect(source).not.toBe('');
    }
  });

  it('SR-53: lets nobody silence what leaves nothing to start with in any environment', () => {
    const unusable = [...findingCatalogue].filter(
      ([, { area, severityInDevelopment }]) => area === 'settings' && severityInDevelopment === 'error',
    );
    expect(unusable.length).toBeGreaterThan(0);
    for (const [, { silencing }] of unusable) expect(silencing).toBe('refused');
  });

  it('names the page of a finding, and refuses a number that nobody described', () => {
    expect(pageOf('RD-029')).toBe('docs/findings/RD-029.md');
    expect(kindOf('RD-029').title).toBe('A secret file is open to everybody on the machine');
    expect(() => kindOf('RD-999')).toThrow(new TypeError('the catalogue of findings has no RD-999'));
  });
});
