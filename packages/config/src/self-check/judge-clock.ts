import type { Finding } from './finding.ts';
import type { clockFindings } from './findings/clock-findings.ts';
import { found } from './found.ts';

type Id = keyof typeof clockFindings;

/** Drift that no working synchronisation leaves: 5 s. The measurement itself is wrong by half a round trip at most. */
const NOTICED_SKEW_MS = 5_000;

/** What a token's times are forgiven (SR-6): 30 s. Beyond it replicas refuse each other's tokens. */
const TOLERATED_SKEW_MS = 30_000;

/** What `judgeClock` judges. */
export interface ClockFacts {
  /** How far the database's clock is ahead of this process's, in milliseconds; `undefined` when not known. */
  readonly databaseSkewMs: number | undefined;
}

/** Judges how far the clocks of this process and of its database are apart (SR-6). */
export function judgeClock({ databaseSkewMs = 0 }: ClockFacts): readonly Finding[] {
  const skewMs = Math.abs(databaseSkewMs);
  return [
    ...found<Id>(
      skewMs > NOTICED_SKEW_MS && skewMs <= TOLERATED_SKEW_MS,
      'RD-099',
      'clock',
      'The database tells another time.',
    ),
    ...found<Id>(skewMs > TOLERATED_SKEW_MS, 'RD-110', 'clock', 'The database tells another time.'),
  ];
}
