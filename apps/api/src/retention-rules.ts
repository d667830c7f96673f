import type { RetentionRule } from '@redoubt/service';

import type { AppDependencies } from './app-dependencies.ts';
import { OneTimeTokenStore } from './one-time-tokens/one-time-token-store.ts';

/**
 * What the service forgets (SR-80), beside keys of idempotent requests: sessions with their refresh tokens, and single-use
 * tokens. Failed sign-ins are not among them: no window forgets those (SR-13), and there is one row an account.
 */
export function retentionRules({
  sessions,
  database,
  now,
}: Pick<AppDependencies, 'sessions' | 'database' | 'now'>): readonly RetentionRule[] {
  const tokens = new OneTimeTokenStore(database.kysely, now);
  return [
    { name: 'sessions', deleteExpired: (maxRows) => sessions.deleteExpired(maxRows) },
    { name: 'one_time_tokens', deleteExpired: (maxRows) => tokens.deleteExpired(maxRows) },
  ];
}
