import type { SecurityEvent } from '@redoubt/logging';
import type { Kysely, Selectable } from 'kysely';

import type { SecurityEventsTable, ServiceSchema } from '../database/service-database.ts';
import type { AuditHead } from './audit-chain.ts';

/** A row of the table of security events. */
export type SecurityEventRow = Selectable<SecurityEventsTable>;

/** Keeps security events. The database lets nobody change one (SR-48). */
export class SecurityEventStore {
  readonly #database: Kysely<ServiceSchema>;
  #head: AuditHead | undefined;

  constructor(database: Kysely<ServiceSchema>) {
    this.#database = database;
  }

  /** Where the table stood after the last append of this store. */
  get head(): AuditHead | undefined {
    return this.#head;
  }

  /** Appends the events in their order, all of them or none; the database chains them. */
  async append(events: readonly SecurityEvent[]): Promise<void> {
    const rows = await this.#database
      .insertInto('security_events')
      .values(events.map(toRow))
      .returning(['sequence', 'hash'])
      .execute();
    const last = rows.at(-1);
    if (last !== undefined) this.#head = { sequence: BigInt(last.sequence), hash: last.hash };
  }

  /** The events before `cursor`, newest first. */
  list(limit: number, cursor: string | undefined): Promise<SecurityEventRow[]> {
    const all = this.#database.selectFrom('security_events').selectAll().orderBy('id', 'desc').limit(limit);
    return (cursor === undefined ? all : all.where('id', '<', cursor)).execute();
  }
}

/** Longest name of an actor or subject that is kept: a service's may be longer (SPIFFE-ID, section 2.3). */
const MAX_ID_LENGTH = 255;

function toRow(event: SecurityEvent) {
  return {
    id: event.id,
    name: event.name,
    severity: event.severity,
    occurred_at: new Date(event.occurredAt),
    actor_id: event.actorId?.slice(0, MAX_ID_LENGTH) ?? null,
    subject_id: event.subjectId?.slice(0, MAX_ID_LENGTH) ?? null,
    client_address: event.clientAddress ?? null,
    request_id: event.requestId ?? null,
    details: JSON.stringify(event.details ?? {}),
  };
}
