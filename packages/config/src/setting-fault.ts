import type { FindingId } from './self-check/finding.ts';

/** What is wrong with a setting. */
export type SettingProblem = 'missing' | 'empty' | 'malformed' | 'unknown' | 'misspelt' | 'refused';

/** One fault of a configuration. Its sentences are written by hand or made from the schema, never from a value. */
export interface SettingFault {
  /** Its number among the findings of the self-check; `docs/findings` has a page for it. */
  readonly id: FindingId;
  /** Name of the environment variable, fit to print. */
  readonly setting: string;
  readonly problem: SettingProblem;
  /** What would have been right: completes "expected …". */
  readonly expected: string;
  /** What to do, as a sentence. */
  readonly fix: string;
}

/**
 * The fault of a value that is well-formed and not acceptable: what a rule returns. A service's own rule that no other
 * number fits has `RD-019`. Neither sentence may contain a value, for a setting may hold a secret by mistake (SR-53).
 */
export function refusedSetting(id: FindingId, setting: string, expected: string, fix: string): SettingFault {
  return { id, setting, problem: 'refused', expected, fix };
}
