import { EXIT_CODE_CONFIGURATION } from '../../settings-error.ts';
import { countText, findingBlocks } from './render-report.ts';
import { countOf, type SelfCheckReport } from './self-check-report.ts';

/** 78 (EX_CONFIG) with an error among the findings, otherwise 0: what `doctor` ends with. */
export function exitCodeOf(report: SelfCheckReport): typeof EXIT_CODE_CONFIGURATION | 0 {
  return countOf(report, 'error') > 0 ? EXIT_CODE_CONFIGURATION : 0;
}

/**
 * The self-check found what a service must not start with. Its message is laid out for a terminal and holds no value
 * (SR-53); print it and exit with `EXIT_CODE_CONFIGURATION`.
 */
export class SelfCheckError extends Error {
  override readonly name = 'SelfCheckError';
  readonly report: SelfCheckReport;

  constructor(report: SelfCheckReport) {
    const errors = report.findings.filter(({ severity }) => severity === 'error');
    const summary = `The self-check found ${countText(errors.length, 'error')}; nothing was started.`;
    super([summary, ...findingBlocks(errors, 'off')].join('\n\n'));
    this.report = report;
  }
}

/**
 * Lets a service start, or not.
 *
 * @throws {SelfCheckError} when an error is among the findings that are not silenced.
 */
export function assertFitToStart(report: SelfCheckReport): void {
  if (countOf(report, 'error') > 0) throw new SelfCheckError(report);
}
