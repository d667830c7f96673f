import { afterEach, describe, expect, it } from 'vitest';

import { auditAdvisories } from '../../src/audit/advisories.ts';
import { AuditError } from '../../src/audit/audit-check.ts';
import { jsonReport, textReport } from '../../src/audit/report.ts';
import { auditSignatures } from '../../src/audit/signatures.ts';
import type { RegistryBehaviour } from './support/fake-registry.ts';
import { type OnePackageWorkspace, openWorkspace } from './support/one-package-workspace.ts';

const HOLE = {
  id: 1,
  url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
  title: 'It answers everybody',
  severity: 'high',
  vulnerable_versions: '<1.0.1',
  cwe: ['CWE-306'],
  cvss: { score: 7.5, vectorString: null },
};
const clean: RegistryBehaviour = { advisories: {}, signature: 'valid' };

let workspace: OnePackageWorkspace | undefined;
afterEach(async () => {
  await workspace?.close();
  workspace = undefined;
});

async function open(behaviour: Partial<RegistryBehaviour>): Promise<OnePackageWorkspace> {
  workspace = await openWorkspace({ ...clean, ...behaviour });
  return workspace;
}

describe('advisories', () => {
  it('SR-67: pass when the registry knows of none', async () => {
    const { runPnpm } = await open({});
    const check = await auditAdvisories(runPnpm, []);
    expect(check).toMatchObject({ outcome: 'passed', summary: '1 packages', findings: [] });
    expect(textReport([check]).exitCode).toBe(0);
  });

  it('SR-67: are findings, each with where it comes from and what mends it', async () => {
    const { runPnpm } = await open({ advisories: { 'left-over': [HOLE] } });
    const check = await auditAdvisories(runPnpm, []);
    expect(check.outcome).toBe('findings');
    expect(check.findings).toEqual([
      { subject: 'left-over@1.0.0', message: expect.stringContaining('high: It answers everybody') as string },
    ]);
    expect(check.findings[0]?.message).toContain(HOLE.url);
    expect(textReport([check]).exitCode).toBe(1);
  });

  it.each([404, 405])('SR-67: that a registry does not serve (%d) are no pass, and said so', async (status) => {
    const { runPnpm } = await open({ advisories: status });
    const check = await auditAdvisories(runPnpm, []);
    expect(check).toMatchObject({ outcome: 'unavailable', findings: [] });
    expect(check.summary).toContain('serves none');
    expect(textReport([check]).exitCode).toBe(3);
    expect(jsonReport([check]).exitCode).toBe(3);
  });

  it.each([500, 503, 'broken JSON'] as const)(
    'SR-67: of a registry that fails (%s) stop the audit',
    async (advisories) => {
      const { runPnpm } = await open({ advisories });
      await expect(auditAdvisories(runPnpm, [])).rejects.toThrow(AuditError);
    },
  );

  it('SR-67: of a registry that is not there stop the audit', async () => {
    const { runPnpm, stopRegistry } = await open({});
    await stopRegistry();
    await expect(auditAdvisories(runPnpm, [])).rejects.toThrow(AuditError);
  });

  it('SR-67: that are ignored without an exception in force are findings, served or not', async () => {
    const ignored = [
      {
        rule: 'P-204',
        file: 'pnpm-workspace.yaml',
        line: 9,
        subject: 'GHSA-aaaa-bbbb-cccc',
        message: 'GHSA-aaaa-bbbb-cccc is ignored',
        fix: 'write an exception',
      },
    ];
    for (const advisories of [{}, 404]) {
      const { runPnpm, close } = await openWorkspace({ ...clean, advisories });
      const check = await auditAdvisories(runPnpm, ignored);
      await close();
      expect(check.outcome).toBe('findings');
      expect(check.findings.map(({ subject }) => subject)).toEqual(['GHSA-aaaa-bbbb-cccc']);
    }
  });
});

describe('signatures', () => {
  it('SR-66: pass when each package has a valid one', async () => {
    const { runPnpm } = await open({});
    expect(await auditSignatures(runPnpm)).toMatchObject({ outcome: 'passed', summary: '1 of 1 packages verified' });
  });

  it.each(['of another text', 'missing'] as const)('SR-66: %s are findings', async (signature) => {
    const { runPnpm } = await open({ signature });
    const check = await auditSignatures(runPnpm);
    expect(check.outcome).toBe('findings');
    expect(check.findings.map(({ subject }) => subject)).toEqual(['left-over@1.0.0']);
  });

  it('SR-66: nothing verified is no pass', async () => {
    const { runPnpm } = await open({ signature: 'no keys' });
    const check = await auditSignatures(runPnpm);
    expect(check).toMatchObject({ outcome: 'unavailable' });
    expect(textReport([check]).exitCode).toBe(3);
  });

  it('SR-66: a package that is neither verified nor refused stops the audit', async () => {
    const stdout = JSON.stringify({ audited: 2, verified: 1, invalid: [], missing: [] });
    await expect(auditSignatures(() => Promise.resolve({ code: 0, stdout, stderr: '' }))).rejects.toThrow(AuditError);
  });
});
