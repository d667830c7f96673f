import type { Finding, FindingArea } from './finding.ts';

/** What a check came to where some of what it looks at could not be learned. */
export interface PartialResult {
  readonly findings: readonly Finding[];
  /** Names of what is not known: facts of a probe, settings. With one of them, the check has not passed. */
  readonly unknown: readonly string[];
}

/** What a check came to: what it found, and what it could not learn, if anything. */
export type CheckResult = readonly Finding[] | PartialResult;

/** One look at one thing: a probe and its judge, or a rule over the settings. */
export interface SelfCheck {
  readonly area: FindingArea;
  /** What it looks at, in a few words: "who ends TLS". */
  readonly name: string;
  /**
   * Looks once. An empty answer is a check that passed; one that cannot look rejects, and is reported as not checked.
   * The signal ends when the self-check waits no longer.
   */
  run(signal: AbortSignal): Promise<CheckResult> | CheckResult;
}

/** A check could not look. Its message is a sentence written by hand, and fit to print: no value, no address. */
export class NotCheckedError extends Error {
  override readonly name = 'NotCheckedError';
}
