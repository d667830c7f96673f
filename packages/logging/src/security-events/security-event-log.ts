import type { Logger } from 'pino';
import { createIsoFormatter } from '../iso-time.ts';
import { redactText } from '../redaction/redact-text.ts';
import { redactValue } from '../redaction/redact-value.ts';
import { requestContext } from '../request-context.ts';
import { createUuidV7 } from '../uuid-v7.ts';
import { securityEventCatalogue, type SecurityEventName, type SecurityEventSeverity } from './catalogue.ts';
import { DeliveryQueue, type DeliveryCounts } from './delivery-queue.ts';
import type { SecurityEvent, SecurityEventDetails, SecurityEventFacts } from './security-event.ts';

/** Events that wait for the sink: some seconds of an attack; about 1 MiB. */
const maxQueuedEvents = 1_000;

/** Events that the sink takes together at most: a burst costs it one transaction. */
const maxBatchEvents = 100;

const levels = { info: 'info', warning: 'warn', critical: 'error' } as const satisfies Record<
  SecurityEventSeverity,
  string
>;

/** What `createSecurityEventLog` needs. */
export interface SecurityEventLogOptions {
  readonly logger: Logger;
  /**
   * Where events are kept, the audit table. Called with up to 100 events, in order, and not again before it is done; it
   * takes all of them or none, and sets its own deadline.
   */
  readonly sink?: (events: readonly SecurityEvent[]) => Promise<void>;
  /** Told of each event at once, after it was logged: metrics and detections. It must not throw; when it does, it is logged. */
  readonly onEvent?: (event: SecurityEvent) => void;
  /** Told how many events the sink did not take. */
  readonly onLost?: (count: number) => void;
  /** Milliseconds since 1970; the wall clock by default. */
  readonly now?: () => number;
  readonly createId?: () => string;
}

/** Raises security events. */
export interface SecurityEventLog {
  /**
   * Writes the event to the log at once and queues it for the sink; returns without waiting.
   *
   * @throws TypeError for a name that is not in the catalogue.
   */
  raise(name: SecurityEventName, facts?: SecurityEventFacts): void;
  /** Resolves when the sink has taken or refused every event raised so far. */
  settled(): Promise<void>;
  /** Events that the sink took, that it refused, and that were dropped because it was too slow. */
  readonly counts: DeliveryCounts;
}

/**
 * The one place from which security events leave (SR-45): each is written to the log once, under `securityEvent`, and
 * handed to the sink once, in the order of raising, a burst together. A sink that fails or falls behind by 1,000 events costs no request
 * anything: the failure is logged and counted, and the log line of the event stands in any case.
 */
export function createSecurityEventLog(options: SecurityEventLogOptions): SecurityEventLog {
  const { logger, sink, now = Date.now, createId = createUuidV7, onEvent, onLost } = options;
  const format = createIsoFormatter();
  const queue = new DeliveryQueue<SecurityEvent>({
    deliver: sink ?? (() => Promise.resolve()),
    maxItems: maxQueuedEvents,
    maxBatch: maxBatchEvents,
    onFailure: (events, error) => {
      onLost?.(events.length);
      for (const { id, name } of events)
        logger.error({ eventId: id, eventName: name, err: error }, 'the sink refused a security event');
    },
    onOverflow: () => logger.error({ maxQueuedEvents }, 'security events are dropped: the sink is too slow'),
  });

  function enqueue(event: SecurityEvent): void {
    const { dropped } = queue.counts;
    queue.add(event);
    if (queue.counts.dropped > dropped) onLost?.(1);
  }

  function tell(event: SecurityEvent): void {
    try {
      onEvent?.(event);
    } catch (error) {
      // Who raises an event must not fail for who listens.
      logger.error({ err: error, eventName: event.name }, 'a listener for security events failed');
    }
  }

  return {
    raise(name, facts = {}) {
      const event = createEvent(name, facts, { id: createId(), occurredAt: format(now()) });
      logger[levels[event.severity]]({ securityEvent: event }, 'security event');
      tell(event);
      if (sink !== undefined) enqueue(event);
    },
    settled: () => queue.settled(),
    get counts() {
      return queue.counts;
    },
  };
}

function createEvent(
  name: SecurityEventName,
  facts: SecurityEventFacts,
  stamp: Pick<SecurityEvent, 'id' | 'occurredAt'>,
): SecurityEvent {
  if (!Object.hasOwn(securityEventCatalogue, name)) throw new TypeError(`Unknown security event ${name}`);
  const context = requestContext.get();
  const actorId = facts.actorId ?? context?.userId ?? context?.serviceId;
  return Object.freeze({
    ...stamp,
    name,
    severity: securityEventCatalogue[name].severity,
    ...(actorId !== undefined && { actorId: redactText(actorId) }),
    ...(facts.subjectId !== undefined && { subjectId: redactText(facts.subjectId) }),
    ...(facts.clientAddress !== undefined && { clientAddress: redactText(facts.clientAddress) }),
    ...(context !== undefined && { requestId: context.requestId }),
    ...(facts.details !== undefined && { details: redactValue(facts.details) as SecurityEventDetails }),
  });
}
