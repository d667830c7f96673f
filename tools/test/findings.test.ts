import { inspect } from 'node:util';

import { type FindingId, findingCatalogue, kindOf } from '@redoubt/config';
import { describe, expect, it } from 'vitest';

import { badServiceSettings } from '../../apps/api/test/self-check/bad-settings.ts';
import { badConfigurations } from '../../packages/config/test/self-check/registry/index.ts';
import { type BadConfiguration, canary } from '../../packages/config/test/self-check/registry/bad-configuration.ts';

/** One bad configuration for each finding, from wherever its check is. */
const table = new Map(
  [...badConfigurations, badServiceSettings].flatMap(
    (configurations) => Object.entries(configurations) as [FindingId, BadConfiguration][],
  ),
);

describe('the catalogue of findings', () => {
  it('SR-53: has a bad configuration for each of its findings, and 40 findings at least', () => {
    expect([...table.keys()].toSorted()).toEqual([...findingCatalogue.keys()]);
    expect(findingCatalogue.size).toBeGreaterThanOrEqual(40);
  });

  for (const [id, { what, bad, mended }] of table) {
    it(`${kindOf(id).source}: ${id} finds ${what}, and shows no value of it`, async () => {
      const findings = await bad();
      expect(findings.map((finding) => finding.id)).toContain(id);
      for (const { subject } of findings) expect(subject).toMatch(/^[\x20-\x7e]{2,80}$/);
      expect(inspect(findings, { depth: Infinity })).not.toContain(canary);
    });

    it(`${kindOf(id).source}: ${id} does not find ${what} once it is mended`, async () => {
      const findings = await mended();
      expect(findings.map((finding) => finding.id)).not.toContain(id);
    });
  }
});
