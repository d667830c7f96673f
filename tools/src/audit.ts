/**
 * `pnpm audit:all`: asks about every package of the lockfile whether a hole in it is known, whether the registry signed it, and
 * whether its licence is one that is taken (docs/supply-chain.md). `--json` for a machine. Exits 0 when all is well, 1 with
 * findings, 2 when the audit could not be done, 3 when the registry in use does not serve what a check asks for.
 */
import { join } from 'node:path';
import process from 'node:process';

import { auditAdvisories } from './audit/advisories.ts';
import { type AuditCheck, AuditError } from './audit/audit-check.ts';
import { LICENCES_FILE, LicencePolicy } from './audit/licence-policy.ts';
import { auditLicences } from './audit/licences.ts';
import { jsonReport, textReport, type Verdict } from './audit/report.ts';
import { pnpmIn } from './audit/run-pnpm.ts';
import { auditSignatures } from './audit/signatures.ts';
import { workspaceRules } from './policy/pnpm/workspace-rules.ts';
import { RepositoryFiles } from './policy/read/repository-files.ts';
import { UnreadableFileError } from './policy/read/unreadable-file-error.ts';
import { runPolicy } from './policy/run-policy.ts';

const root = join(import.meta.dirname, '..', '..');

/** Advisories that the workspace ignores without an exception in force. */
const IGNORED_ADVISORIES = workspaceRules.filter(({ id }) => id === 'P-204');

async function audit(): Promise<AuditCheck[]> {
  const today = new Date().toISOString().slice(0, 10);
  const files = RepositoryFiles.of(root);
  const runPnpm = pnpmIn(root);
  return [
    await auditAdvisories(runPnpm, runPolicy(IGNORED_ADVISORIES, { files, today })),
    await auditSignatures(runPnpm),
    await auditLicences(runPnpm, new LicencePolicy(files.yaml(LICENCES_FILE), today)),
  ];
}

async function judge(report: typeof textReport): Promise<Verdict> {
  try {
    return report(await audit());
  } catch (error) {
    if (error instanceof AuditError || error instanceof UnreadableFileError)
      return { exitCode: 2, output: `the audit could not be done: ${error.message}` };
    throw error;
  }
}

const [format = '--text', ...others] = process.argv.slice(2);
const report = { '--text': textReport, '--json': jsonReport }[format];
const verdict =
  report === undefined || others.length > 0
    ? { exitCode: 2, output: 'usage: pnpm audit:all [--json]' }
    : await judge(report);
(verdict.exitCode === 2 ? console.error : console.log)(verdict.output);
process.exitCode = verdict.exitCode;
