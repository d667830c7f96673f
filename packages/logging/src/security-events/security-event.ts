import type { SecurityEventName, SecurityEventSeverity } from './catalogue.ts';

/** Facts about an event beyond who, whom and where; redacted like everything that is logged (SR-43). */
export type SecurityEventDetails = Readonly<Record<string, string | number | boolean>>;

/** One security event as it is logged and handed to the sink (SR-45). */
export interface SecurityEvent {
  /** A UUID of version 7. */
  readonly id: string;
  readonly name: SecurityEventName;
  readonly severity: SecurityEventSeverity;
  /** ISO 8601 in UTC with milliseconds. */
  readonly occurredAt: string;
  /** Who acted: the user's id, or the service's name; absent for an anonymous caller. */
  readonly actorId?: string;
  /** On whom or what: a user's id, when it is not the actor. */
  readonly subjectId?: string;
  readonly clientAddress?: string;
  /** The correlation id (SR-47). */
  readonly requestId?: string;
  readonly details?: SecurityEventDetails;
}

/** What a caller tells of an event; the rest is known. */
export interface SecurityEventFacts {
  /** The user of the request context by default, or else its service. */
  readonly actorId?: string;
  readonly subjectId?: string;
  readonly clientAddress?: string;
  readonly details?: SecurityEventDetails;
}
