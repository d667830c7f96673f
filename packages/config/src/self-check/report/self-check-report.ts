import type { NodeEnvironment } from '../../define-settings.ts';
import { kindOf } from '../catalogue.ts';
import { pageOf } from '../finding-page.ts';
import type { Finding, FindingArea, FindingSeverity } from '../finding.ts';
import { severities, severityOf } from '../severity.ts';

/** A finding with what its kind says, weighed for where it was found. */
export interface ReportedFinding extends Required<Finding> {
  readonly severity: FindingSeverity;
  readonly area: FindingArea;
  readonly title: string;
  /** Its page, from the root of the repository on. */
  readonly page: string;
}

/** A finding that a person has silenced, with their reason and the last day on which it holds (`2027-01-31`, UTC). */
export interface SilencedFinding extends ReportedFinding {
  readonly reason: string;
  readonly until: string;
}

/** A check by its name. */
export interface CheckName {
  readonly area: FindingArea;
  readonly name: string;
}

/** A check that could not look, or not at everything: whatever it found, it has not passed. */
export interface UnmadeCheck extends CheckName {
  readonly reason: string;
}

/** What a self-check came to. Holds no value of a setting or a secret. */
export interface SelfCheckReport {
  readonly mode: NodeEnvironment;
  /** Milliseconds since 1970. */
  readonly checkedAtMs: number;
  /** The heaviest first, then by number and subject. */
  readonly findings: readonly ReportedFinding[];
  readonly silenced: readonly SilencedFinding[];
  readonly passed: readonly CheckName[];
  readonly notChecked: readonly UnmadeCheck[];
}

/**
 * Weighs a finding and adds what its kind says.
 *
 * @throws {TypeError} for a number that the catalogue does not have.
 */
export function reportedFinding(finding: Finding, mode: NodeEnvironment): ReportedFinding {
  const kind = kindOf(finding.id);
  return {
    id: finding.id,
    severity: severityOf(kind, mode),
    area: kind.area,
    title: kind.title,
    subject: finding.subject,
    seen: finding.seen,
    fix: finding.fix ?? kind.remedy,
    page: pageOf(finding.id),
  };
}

/** The heaviest first, then by number and subject. */
export function inOrder<Reported extends ReportedFinding>(findings: readonly Reported[]): readonly Reported[] {
  return findings.toSorted(
    (one, other) =>
      severities.indexOf(one.severity) - severities.indexOf(other.severity) ||
      compareText(one.id, other.id) ||
      compareText(one.subject, other.subject),
  );
}

/** By code units, the same on every machine; the order of a language has tables that a start would wait for. */
function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** How many findings of one weight are not silenced. */
export function countOf(report: SelfCheckReport, severity: FindingSeverity): number {
  return report.findings.filter((finding) => finding.severity === severity).length;
}
