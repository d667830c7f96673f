/**
 * How much a finding weighs: an `error` stops a start in production with exit code 78; a `warning` is logged at each
 * start; an `advice` is shown to who asks (`pnpm run doctor`).
 */
export type FindingSeverity = 'error' | 'warning' | 'advice';

/** A finding's number: stable for good, never given to another. */
export type FindingId = `RD-${number}`;

/** What the self-check looks at. */
export type FindingArea =
  | 'settings'
  | 'secrets'
  | 'tls'
  | 'database'
  | 'shared store'
  | 'process'
  | 'network'
  | 'browser'
  | 'silences';

/** One kind of finding, as its page in `docs/findings` describes it. */
export interface FindingKind {
  readonly area: FindingArea;
  readonly severity: FindingSeverity;
  /** What it weighs in development; absent: an error of production becomes a warning, the rest stays as it is. */
  readonly severityInDevelopment?: FindingSeverity;
  /** What is wrong, in one line, without a full stop. */
  readonly title: string;
  /** What somebody can do to a service that is so: two or three sentences. */
  readonly risk: string;
  /** How to mend it: sentences, and commands where they help. */
  readonly remedy: string;
  /** What the rule rests on: `SR-53`, an RFC, a manual. */
  readonly source: string;
  /** Whether a person may silence it for a while; nobody silences what leaves nothing to start. */
  readonly silencing: 'allowed' | 'refused';
}

/** One thing that the self-check found. None of its texts contains a value of a setting or a secret (SR-51, SR-53). */
export interface Finding {
  readonly id: FindingId;
  /** What it is about: the name of a setting, of a database role, of a file's setting. Fit to print. */
  readonly subject: string;
  /** What was seen, as a sentence. */
  readonly seen: string;
  /** How to mend it here, where the check knows more than the kind's remedy says. */
  readonly fix?: string;
}
