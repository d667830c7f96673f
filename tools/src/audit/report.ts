import type { AuditCheck } from './audit-check.ts';

/** How an audit ends. */
export interface Verdict {
  readonly exitCode: number;
  readonly output: string;
}

const FINDINGS = 1;
/** A check could not be done because the registry does not serve it: not a pass, and not a finding either. */
const UNAVAILABLE = 3;

/** 0 when all checks passed, 1 when one has findings, 3 when none has, but one could not be done. */
function exitCodeOf(checks: readonly AuditCheck[]): number {
  if (checks.some(({ outcome }) => outcome === 'findings')) return FINDINGS;
  return checks.some(({ outcome }) => outcome === 'unavailable') ? UNAVAILABLE : 0;
}

/** For a person: a line for each check, its findings below it. */
export function textReport(checks: readonly AuditCheck[]): Verdict {
  const lines = checks.flatMap(({ name, outcome, summary, findings }) => [
    `${name.padEnd(11)} ${outcome.padEnd(12)} ${summary}`,
    ...findings.map(({ subject, message }) => `  ${subject}  ${message}`),
  ]);
  return { exitCode: exitCodeOf(checks), output: lines.join('\n') };
}

/** For a machine: the same as one JSON document. */
export function jsonReport(checks: readonly AuditCheck[]): Verdict {
  return { exitCode: exitCodeOf(checks), output: JSON.stringify({ checks }, null, 2) };
}
