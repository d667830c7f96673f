import { type Kysely, sql } from 'kysely';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';
import { PING_DEADLINE_MS } from './timeouts.ts';

/**
 * Asks the database for one row.
 *
 * @throws {DatabaseUnavailableError} when it fails, or does not answer within the deadline.
 */
export async function ping<Schema>(kysely: Kysely<Schema>, deadlineMs: number = PING_DEADLINE_MS): Promise<void> {
  const { promise: deadline, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DatabaseUnavailableError('no answer in time')), deadlineMs);
  try {
    await Promise.race([sql`select 1`.execute(kysely), deadline]);
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) throw error;
    throw new DatabaseUnavailableError('the query failed', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
