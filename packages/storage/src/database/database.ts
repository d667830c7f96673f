import type { Kysely } from 'kysely';

/**
 * Durable state: PostgreSQL, as a server or embedded. `Schema` maps table names to their columns.
 *
 * Both give the same types for the same columns: `bigint`, `numeric`, `date`, `timestamp` without a zone and `interval`
 * are strings, `timestamptz` is a `Date`, `bytea` a `Buffer`, `json` what it holds.
 */
export interface Database<Schema> {
  /** Queries and transactions. Raw SQL without parameters may hold several statements. */
  readonly kysely: Kysely<Schema>;
  /**
   * Resolves when the database answers a query within {@link PING_DEADLINE_MS}.
   *
   * @throws {DatabaseUnavailableError} when it does not.
   */
  ping(): Promise<void>;
  /** Takes no new queries, waits for running ones, and disconnects. Calling it again changes nothing. */
  close(): Promise<void>;
}
