/**
 * `pnpm policy`: holds the repository's own files to the rules of docs/policy.md. `--json` for a machine. Exits 0 without a
 * finding, 1 with findings, 2 when a file or an argument cannot be read, 70 when the policy itself is broken. Asks no network.
 */
import { join } from 'node:path';
import process from 'node:process';

import { RepositoryFiles } from './policy/read/repository-files.ts';
import { policyRules } from './policy/registry.ts';
import { failureReport, jsonReport, textReport, type Verdict } from './policy/report.ts';
import { runPolicy } from './policy/run-policy.ts';

const root = join(import.meta.dirname, '..', '..');

function judgeRepository(report: typeof textReport): Verdict {
  try {
    const today = new Date().toISOString().slice(0, 10);
    return report(runPolicy(policyRules, { files: RepositoryFiles.of(root), today }), policyRules.length);
  } catch (error) {
    return failureReport(error);
  }
}

const [format = '--text', ...others] = process.argv.slice(2);
const report = { '--text': textReport, '--json': jsonReport }[format];
const verdict =
  report === undefined || others.length > 0
    ? { exitCode: 2, output: 'usage: pnpm policy [--json]' }
    : judgeRepository(report);
(verdict.exitCode > 1 ? console.error : console.log)(verdict.output);
process.exitCode = verdict.exitCode;
