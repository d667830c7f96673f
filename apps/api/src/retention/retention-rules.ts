import type { AppDependencies } from '../app-dependencies.ts';
import { OneTimeTokenStore } from '../one-time-tokens/one-time-token-store.ts';

/** One sort of row that is kept for a while only. */
export interface RetentionRule {
  /** The table, as the log names it. */
  readonly name: string;
  /**
   * Deletes so many rows at most whose time is over, and answers how many. Rows that somebody else holds are left to
   * them: replicas that do this at once share the work and never wait for each other.
   */
  deleteExpired(maxRows: number): Promise<number>;
}

/**
 * What the service forgets (SR-80): keys of idempotent requests, sessions with their refresh tokens, and single-use
 * tokens. Failed sign-ins are not among them: no window forgets those (SR-13), and there is one row an account.
 */
export function retentionRules({
  idempotency,
  sessions,
  database,
  now,
}: Pick<AppDependencies, 'idempotency' | 'sessions' | 'database' | 'now'>): readonly RetentionRule[] {
  const tokens = new OneTimeTokenStore(database.kysely, now);
  return [
    { name: 'idempotency_keys', deleteExpired: (maxRows) => idempotency.deleteExpired(maxRows) },
    { name: 'sessions', deleteExpired: (maxRows) => sessions.deleteExpired(maxRows) },
    { name: 'one_time_tokens', deleteExpired: (maxRows) => tokens.deleteExpired(maxRows) },
  ];
}
