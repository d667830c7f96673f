import type { IdempotencySchema } from '@redoubt/server';
import type { ColumnType } from 'kysely';

/** Security events, as `migrations/service-tables.sql` creates them. They are written once. */
export interface SecurityEventsTable {
  id: string;
  name: string;
  severity: 'info' | 'warning' | 'critical';
  occurred_at: Date;
  actor_id: string | null;
  subject_id: string | null;
  client_address: string | null;
  request_id: string | null;
  details: ColumnType<Record<string, string | number | boolean>, string, never>;
  /** What chains them; the database writes it. */
  sequence: ColumnType<string, never, never>;
  previous_hash: ColumnType<string, never, never>;
  hash: ColumnType<string, never, never>;
}

/** The tables that every service has. */
export interface ServiceSchema extends IdempotencySchema {
  security_events: SecurityEventsTable;
}

/** Whose database it is, and where its history stands. */
export interface ServiceDatabase<Schema extends ServiceSchema = ServiceSchema> {
  /** The name of the service: on its log lines, as the database sees its connections, and before its keys in the shared store. */
  readonly service: string;
  /** The directory of its migrations. */
  readonly migrations: string;
  /** The tables; no value. */
  readonly tables?: Schema;
}

/** A name as hosts, metrics and the keys of the shared store take it. */
const SERVICE_NAME = /^[a-z][a-z0-9-]{0,40}$/;

/**
 * Declares the database of a service. It stands in a file of its own, which `main.js migrate` and its like load, and no
 * more of the service.
 *
 * @throws {TypeError} for a name that is none.
 */
export function defineDatabase<Schema extends ServiceSchema>(
  database: Omit<ServiceDatabase<Schema>, 'tables'>,
): ServiceDatabase<Schema> {
  if (!SERVICE_NAME.test(database.service))
    throw new TypeError('the name of a service is of small letters, digits and -, such as billing');
  return database;
}
