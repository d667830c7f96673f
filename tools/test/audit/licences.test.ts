import { describe, expect, it } from 'vitest';

import { LicencePolicy, type LicensedPackage, type Reach } from '../../src/audit/licence-policy.ts';
import { auditLicences } from '../../src/audit/licences.ts';
import { YamlView } from '../../src/policy/read/yaml-view.ts';

const TODAY = '2026-11-26';

const policy = new LicencePolicy(
  YamlView.parse(
    'licences.yaml',
    `
production: [MIT, Apache-2.0]
development: [MPL-2.0]
packages:
  - { package: odd@1.0.0, declared: MIT license, read-as: MIT, reason: its licence file }
  - { package: bought@1.0.0, declared: SEE LICENSE IN LICENSE, expires: 2026-11-26, reason: a contract }
  - { package: ended@1.0.0, declared: GPL-3.0-only, expires: 2026-11-25, reason: a contract }
  - { package: endless@1.0.0, declared: GPL-3.0-only, expires: 2028-01-01, reason: a contract }
`,
  ),
  TODAY,
);

function faultOf(licence: string | undefined, reach: Reach = 'production', name = 'some'): string | undefined {
  return policy.faultOf({ name, version: '1.0.0', licence, reach } satisfies LicensedPackage);
}

describe('licences', () => {
  it.each([
    'MIT',
    '(MIT OR GPL-3.0-only)',
    'MIT AND Apache-2.0',
    'Apache-2.0 WITH LLVM-exception',
    'GPL-2.0-only OR MIT',
  ])('SR-67: %s may be shipped', (licence) => {
    expect(faultOf(licence)).toBeUndefined();
  });

  it.each([
    'GPL-3.0-only',
    'MIT AND GPL-3.0-only',
    'AGPL-3.0-or-later',
    'MPL-2.0',
    '(MIT AND (GPL-2.0-only OR MPL-2.0))',
  ])('SR-67: %s may not be shipped', (licence) => {
    expect(faultOf(licence)).toContain('is not allowed in production');
  });

  it.each([undefined, '', 'UNLICENSED', 'SEE LICENSE IN LICENSE', 'MIT license', 'mit or isc'])(
    'SR-67: %j is not taken for a licence',
    (licence) => {
      expect(faultOf(licence)).toBeDefined();
    },
  );

  it('SR-67: what only its makers run may have more', () => {
    expect(faultOf('MPL-2.0', 'development')).toBeUndefined();
    expect(faultOf('GPL-3.0-only', 'development')).toContain('is not allowed in development');
  });

  it('SR-67: a package that says it wrongly is read as its licence file, while it says just that', () => {
    expect(faultOf('MIT license', 'production', 'odd')).toBeUndefined();
    expect(faultOf('GPL-3.0-only', 'production', 'odd')).toContain('is not allowed');
  });

  it('SR-67: an exception holds on its last day, and not after it, nor without an end', () => {
    expect(faultOf('SEE LICENSE IN LICENSE', 'production', 'bought')).toBeUndefined();
    expect(faultOf('GPL-3.0-only', 'production', 'ended')).toContain('it ended on 2026-11-25');
    expect(faultOf('GPL-3.0-only', 'production', 'endless')).toContain('180 are the most');
  });

  it('SR-67: are judged by where a package goes', async () => {
    const shipped = {
      name: 'one',
      version: '1.0.0',
      purl: 'pkg:npm/one@1.0.0',
      licenses: [{ license: { id: 'MPL-2.0' } }],
    };
    const tool = {
      name: 'two',
      version: '1.0.0',
      purl: 'pkg:npm/%40a/two@1.0.0',
      group: '@a',
      licenses: [{ expression: 'MPL-2.0' }],
    };
    const check = await auditLicences((args) => {
      const components = args.includes('--prod') ? [shipped] : [shipped, tool];
      return Promise.resolve({ code: 0, stdout: JSON.stringify({ components }), stderr: '' });
    }, policy);
    expect(check.findings).toEqual([
      { subject: 'one@1.0.0', message: expect.stringContaining('in production') as string },
    ]);
  });
});
