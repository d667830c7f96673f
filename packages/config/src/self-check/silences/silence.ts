import type { Finding, FindingId } from '../finding.ts';

/** A person's decision that a finding may stand for a while. */
export interface Silence {
  readonly id: FindingId;
  /** The one subject that is meant; absent: every one. */
  readonly subject: string | undefined;
  readonly reason: string;
  /** The last day on which it holds, in UTC: `2027-01-31`. */
  readonly until: string;
  /** Where it stands, fit to print: `SELF_CHECK_SILENCES_FILE, entry 2`. */
  readonly place: string;
}

/** The silences that hold, and what is wrong with the others. */
export interface SilenceReading {
  readonly silences: readonly Silence[];
  readonly findings: readonly Finding[];
}

/** Nothing is silenced. */
export const noSilences: SilenceReading = { silences: [], findings: [] };
