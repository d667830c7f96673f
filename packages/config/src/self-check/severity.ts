import type { NodeEnvironment } from '../define-settings.ts';
import type { FindingKind, FindingSeverity } from './finding.ts';

/** The heaviest first: the order in which findings are shown. */
export const severities = ['error', 'warning', 'advice'] as const satisfies readonly FindingSeverity[];

/** What a kind of finding weighs where it was found: on a developer's machine, hardening that is missing warns. */
export function severityOf({ severity, severityInDevelopment }: FindingKind, mode: NodeEnvironment): FindingSeverity {
  if (mode === 'production') return severity;
  return severityInDevelopment ?? (severity === 'error' ? 'warning' : severity);
}
