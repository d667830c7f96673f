import { describe, expect, it } from 'vitest';

import type { Fault, PolicyRule } from '../../src/policy/policy-rule.ts';
import { RepositoryFiles } from '../../src/policy/read/repository-files.ts';
import { policyRules } from '../../src/policy/registry.ts';
import { composeFixtures } from './fixtures/compose-fixtures.ts';
import { exceptionFixtures, TODAY } from './fixtures/exception-fixtures.ts';
import { imageFixtures } from './fixtures/image-fixtures.ts';
import { manifestFixtures } from './fixtures/manifest-fixtures.ts';
import { ownerFixtures } from './fixtures/owner-fixtures.ts';
import { pnpmFixtures } from './fixtures/pnpm-fixtures.ts';
import type { FixtureFiles, RuleFixtures } from './fixtures/rule-fixtures.ts';
import { secretFixtures } from './fixtures/secret-fixtures.ts';
import { sourceFixtures } from './fixtures/source-fixtures.ts';
import { workflowFixtures } from './fixtures/workflow-fixtures.ts';

const fixtures: Readonly<Record<string, RuleFixtures>> = {
  ...workflowFixtures,
  ...pnpmFixtures,
  ...manifestFixtures,
  ...imageFixtures,
  ...composeFixtures,
  ...secretFixtures,
  ...sourceFixtures,
  ...exceptionFixtures,
  ...ownerFixtures,
};

const faultsOf = ({ check }: PolicyRule, files: FixtureFiles) => [
  ...check({ files: RepositoryFiles.from(files), today: TODAY }),
];

describe.each(policyRules.map((rule) => [`${rule.requirement} ${rule.id}: ${rule.title}`, rule] as const))(
  '%s',
  (_, rule) => {
    const { rejects, accepts } = fixtures[rule.id] ?? { rejects: [], accepts: [] };

    it('has something to reject and something to accept', () => {
      expect([rejects.length > 0, accepts.length > 0]).toEqual([true, true]);
    });

    it.each(rejects)('rejects $what', ({ files, file, at }) => {
      const isThere = ({ file: found, line }: Fault): boolean =>
        found === file && (at === undefined ? line === 1 : lineOf(files, found, line).includes(at));
      const faults = faultsOf(rule, files);
      expect(faults.filter((fault) => isThere(fault))).not.toEqual([]);
    });

    it('accepts what is in order', () => {
      expect(accepts.flatMap((files) => faultsOf(rule, files))).toEqual([]);
    });
  },
);

function lineOf(files: FixtureFiles, file: string, line: number): string {
  return (files[file] ?? '').split('\n')[line - 1] ?? 'no such line';
}

describe('the registry', () => {
  it('has no number twice, and no fixture without a rule', () => {
    const ids = policyRules.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(Object.keys(fixtures).toSorted()).toEqual(ids);
  });

  it('says of each rule what it stands for, why, and what to write', () => {
    for (const { id, requirement, title, reason, fix } of policyRules) {
      expect(id).toMatch(/^P-[1-9]\d\d$/);
      expect(requirement).toMatch(/^SR-\d+$/);
      expect(title).toMatch(/^\S.{9,}[^.]$/);
      expect(reason).toMatch(/\.$/);
      expect(fix).toMatch(/^\S.{4,}[^.]$/);
    }
  });
});
