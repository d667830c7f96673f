import type { SecurityEvent } from '@redoubt/logging';
import type { Kysely, Selectable } from 'kysely';

import type { DatabaseSchema, SecurityEventsTable } from '../database-schema.ts';

/** A row of the table of security events. */
export type SecurityEventRow = Selectable<SecurityEventsTable>;

/** Keeps security events. The database lets nobody change one (SR-48). */
export class SecurityEventStore {
  readonly #database: Kysely<DatabaseSchema>;

  constructor(database: Kysely<DatabaseSchema>) {
    this.#database = database;
  }

  async append(event: SecurityEvent): Promise<void> {
    await this.#database
      .insertInto('security_events')
      .values({
        id: event.id,
        name: event.name,
        severity: event.severity,
        occurred_at: new Date(event.occurredAt),
        actor_id: event.actorId ?? null,
        subject_id: event.subjectId ?? null,
        client_address: event.clientAddress ?? null,
        request_id: event.requestId ?? null,
        details: JSON.stringify(event.details ?? {}),
      })
      .execute();
  }

  /** The events before `cursor`, newest first. */
  list(limit: number, cursor: string | undefined): Promise<SecurityEventRow[]> {
    const all = this.#database.selectFrom('security_events').selectAll().orderBy('id', 'desc').limit(limit);
    return (cursor === undefined ? all : all.where('id', '<', cursor)).execute();
  }
}
