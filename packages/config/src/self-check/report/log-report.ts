import { countOf, type SelfCheckReport } from './self-check-report.ts';

/** What the self-check needs of a logger; one of @redoubt/logging is one. */
export interface SelfCheckLogger {
  info(record: object, message: string): void;
  warn(record: object, message: string): void;
}

/**
 * Writes what a start has to leave in the log: each warning, each silence with its reason and its last day, each check
 * that could not be made, and the sum. Errors stop a start and are in its message; advice is for who asks.
 */
export function logReport(report: SelfCheckReport, logger: SelfCheckLogger): void {
  for (const { id, severity, subject, seen, page } of report.findings) {
    if (severity === 'warning') logger.warn({ finding: id, subject, seen, page }, 'the self-check warns');
  }
  for (const { id, subject, reason, until } of report.silenced) {
    logger.warn({ finding: id, subject, reason, until }, 'a finding of the self-check is silenced');
  }
  for (const { area, name, reason } of report.notChecked) {
    logger.warn({ area, check: name, reason }, 'a check could not be made');
  }
  logger.info(
    {
      warnings: countOf(report, 'warning'),
      silenced: report.silenced.length,
      passed: report.passed.length,
      notChecked: report.notChecked.length,
    },
    'the self-check is done',
  );
}
