import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { readCatalogue } from '../../src/evidence/catalogue.ts';
import { controlTable, type KnownNames } from '../../src/evidence/control-table.ts';
import { knownNames } from '../../src/evidence/known-names.ts';
import { asvs, own, sources } from './fixtures.ts';

const known: KnownNames = {
  settings: new Set(['RATE_MAX']),
  routeOptions: new Set(['access']),
  silences: new Set(['RD-103']),
  requirements: readCatalogue(own, asvs).requirements,
  tests: sources,
};

const sound = `
Who may call:
  - control: A route says who may call it
    sr: [SR-1]
    asvs: [V1.1.1]
    tests: [one.test.ts]
    off: { settings: [RATE_MAX], route: [access], silence: [RD-103], how: for a reason }
  - control: Nobody else may call it
    sr: [SR-10]
    asvs: []
    tests: [two.stack.test.ts]
`;

describe('the table of controls', () => {
  it('has a row for each control, with links to what attacks it and how it is switched off', () => {
    const [, , group, first, second] = controlTable(sound, known).split('\n');
    expect(group).toBe('| **Who may call** | | | | |');
    expect(first).toBe(
      '| A route says who may call it | [SR-1](docs/evidence.md#sr-1) | V1.1.1 | [one](a/test/one.test.ts) | `RATE_MAX`, `access` of the route, [RD-103](docs/findings/RD-103.md): for a reason |',
    );
    expect(second).toContain('| [two.stack](b/test/two.stack.test.ts) | cannot be switched off |');
  });

  it.each<[what: string, from: string, to: string, fault: string]>([
    ['a test that is gone', 'one.test.ts', 'gone.test.ts', 'gone.test.ts is the end of no path'],
    ['a test that does not attack it', 'sr: [SR-1]', 'sr: [SR-2]', 'no test of it has SR-2 in a title'],
    ['a requirement that is none', 'sr: [SR-1]', 'sr: [SR-1, SR-83]', 'SR-83 is no requirement'],
    [
      'a requirement of ASVS that does not apply',
      'V1.1.1',
      'V1.1.10',
      'V1.1.10 is no requirement of ASVS that something shows',
    ],
    ['a requirement of ASVS that is none', 'V1.1.1', 'V99.1.1', 'V99.1.1 is no requirement of ASVS'],
    ['a setting that is gone', 'RATE_MAX', 'RATE_MIN', 'there is no setting RATE_MIN'],
    ['an option that routes have not', '[access]', '[open]', 'routes have no option open'],
    ['a finding that nobody may silence', 'RD-103', 'RD-001', 'RD-001 is no finding that may be silenced'],
    ['a key that it does not know', 'how: for', 'why: for', 'controls.yaml'],
  ])('is refused with %s', (_what, from, to, fault) => {
    expect(() => controlTable(sound.replaceAll(from, to), known)).toThrow(fault);
  });

  it('knows the settings, the options of a route and the silences of this repository', () => {
    const { settings, routeOptions, silences } = knownNames(join(import.meta.dirname, '..', '..', '..'));
    expect(settings).toContain('TRUSTED_PROXIES');
    expect([...routeOptions]).toEqual(expect.arrayContaining(['access', 'idempotency', 'cache', 'rateLimit']));
    expect(silences).toContain('RD-103');
    expect(silences).not.toContain('RD-011');
  });
});
