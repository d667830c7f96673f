import { describe, expect, it } from 'vitest';

import { brokenAnchors } from '../../src/claims/markdown-anchors.ts';
import { brokenLinks } from '../../src/claims/markdown-links.ts';
import { missingTests } from '../../src/claims/named-tests.ts';
import { isRequirement, requirementsIn } from '../../src/claims/requirements.ts';

const existing = new Set(['docs/edge.md', 'docs/decisions/001-toolchain.md', 'packages']);
const broken = (text: string) => brokenLinks('docs/here.md', text, (target) => existing.has(target));

describe('a link', () => {
  it.each([
    '[a](edge.md#what)',
    '[a](../packages/)',
    '[a](decisions/001-toolchain.md)',
    '[a](https://a.example)',
    '[a](#b)',
  ])('leads somewhere: %s', (text) => expect(broken(text)).toEqual([]));

  it.each(['[a](gone.md)', '[a](../edge.md)', '![a](gone.svg)', '[`a`](gone.md#what)'])('leads nowhere: %s', (text) => {
    expect(broken(text)).toHaveLength(1);
  });

  it('is none in code', () => {
    expect(broken('`[a](gone.md)`\n```md\n[a](gone.md)\n```')).toEqual([]);
  });

  it('to the form for reports is one of the host', () => {
    expect(broken('[a](../../security/advisories/new)')).toEqual([]);
    expect(broken('[a](../../security/other)')).toHaveLength(1);
  });
});

describe('a link to a heading', () => {
  const other = '# The `way`, of it\n<a id="mark"></a>\n```sh\n# remark\n```\n';
  const anchors = (text: string) =>
    brokenAnchors('docs/here.md', text, (path) => (path === 'docs/there.md' ? other : undefined));

  it.each(['[a](there.md#the-way-of-it)', '[a](there.md#mark)', '# Here\n[a](#here)', '[a](gone.md#x)', '`[a](#x)`'])(
    'leads there: %s',
    (text) => expect(anchors(text)).toEqual([]),
  );

  it.each(['[a](there.md#gone)', '[a](there.md#remark)', '[a](#gone)'])('leads nowhere: %s', (text) => {
    expect(anchors(text)).toHaveLength(1);
  });
});

describe('a named test', () => {
  const tests = ['packages/secrets/test/secret.test.ts'];

  it('is there, with or without the folders in front of it', () => {
    expect(
      missingTests('`packages/secrets/test/secret.test.ts` `test/secret.test.ts` `secret.test.ts`', tests),
    ).toEqual([]);
  });

  it('is missing, also when another name ends like it', () => {
    expect(missingTests('`test/gone.test.ts`, `cret.test.ts`, `secret.servers.test.ts`', tests)).toHaveLength(3);
  });
});

describe('a requirement', () => {
  it('has a number from 1 to 82', () => {
    expect(['SR-1', 'SR-82'].every(isRequirement)).toBe(true);
    expect(['SR-0', 'SR-83', 'SR-01', 'SR-', 'SR-1a', 'XSR-1'].some(isRequirement)).toBe(false);
  });

  it('is named alone or with those around it', () => {
    expect(requirementsIn('SR-1, SR-61 to SR-63: holds, as SR-1 does')).toEqual(['SR-1', 'SR-61', 'SR-62', 'SR-63']);
    expect(requirementsIn('SR-7 to SR-5, SR-1 to SR-9999')).toEqual(['SR-7', 'SR-5', 'SR-1', 'SR-9999']);
    expect(requirementsIn('SR-, USR-5, SR-5a')).toEqual([]);
  });
});
