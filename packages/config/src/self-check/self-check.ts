import type { Finding, FindingArea } from './finding.ts';

/** One look at one thing: a probe and its judge, or a rule over the settings. */
export interface SelfCheck {
  readonly area: FindingArea;
  /** What it looks at, in a few words: "who ends TLS". */
  readonly name: string;
  /**
   * Looks once. An empty answer is a check that passed; one that cannot look rejects, and is reported as not checked.
   * The signal ends when the self-check waits no longer.
   */
  run(signal: AbortSignal): Promise<readonly Finding[]> | readonly Finding[];
}

/** A check could not look. Its message is a sentence written by hand, and fit to print: no value, no address. */
export class NotCheckedError extends Error {
  override readonly name = 'NotCheckedError';
}
