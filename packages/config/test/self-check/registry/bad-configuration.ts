import { randomBytes } from 'node:crypto';
import type { Finding, FindingId } from '../../../src/index.ts';

/** Stands in every bad value that has room for it, and must never come out. Ends in letters: some fields want one. */
export const canary = `c${randomBytes(12).toString('hex')}y`;

/** What a check finds. */
type Findings = readonly Finding[] | Promise<readonly Finding[]>;

/** One bad configuration that a finding is for, and the same one mended. */
export interface BadConfiguration {
  /** What is bad: completes "finds …". */
  readonly what: string;
  /** What the real check finds in it. */
  readonly bad: () => Findings;
  /** What it finds once that is mended. */
  readonly mended: () => Findings;
}

/** Bad configurations by the number of the finding that each shows. */
export type BadConfigurations = Readonly<Partial<Record<FindingId, BadConfiguration>>>;
