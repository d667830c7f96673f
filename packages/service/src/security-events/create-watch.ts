import { createEventLimiter, createSecurityEventLog, type Logger } from '@redoubt/logging';
import type { OutboundClient } from '@redoubt/outbound';
import { createAlertWebhook, createDetections, detectionRules, type Metrics } from '@redoubt/server';
import type { Database, SharedStore } from '@redoubt/storage';

import type { ServiceDependencies } from '../service-dependencies.ts';
import type { ServiceSchema } from '../database/service-database.ts';
import { SecurityEventStore } from './security-event-store.ts';

/** Where alerts are posted to. */
interface AlertTarget {
  readonly url: string;
  /** Signs what it sends. */
  readonly client: OutboundClient;
}

/** What a start may add. */
export interface WatchAdapters {
  readonly alertTarget?: AlertTarget;
}

/** What the watch needs. */
interface WatchOptions extends WatchAdapters {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly sharedStore: SharedStore;
  readonly database: Database<ServiceSchema>;
  readonly now: () => number;
}

/** What the service has of it. */
type Watch = Pick<ServiceDependencies, 'securityEvents' | 'auditHead' | 'eventLimiter' | 'detections' | 'alertWebhook'>;

/** The events that are alerts. */
const alertNames: ReadonlySet<string> = new Set(detectionRules.map(({ raises }) => raises));

/**
 * Makes the log of events and what listens to it: each event is counted and goes to the detections; what a detection
 * raises is an event again, and goes to the webhook, where there is one.
 */
export function createWatch({ logger, metrics, sharedStore, database, now, alertTarget }: WatchOptions): Watch {
  const store = new SecurityEventStore(database.kysely);
  const webhook = alertTarget && createAlertWebhook({ ...alertTarget, logger, now, onLost: metrics.countLostAlert });
  const securityEvents = createSecurityEventLog({
    logger,
    now,
    sink: (events) => store.append(events),
    onEvent: (event) => {
      metrics.countSecurityEvent(event.name);
      detections.observe(event);
      if (alertNames.has(event.name)) webhook?.send(event);
    },
    onLost: metrics.countLostEvents,
  });
  const detections = createDetections({ store: sharedStore, now, logger, metrics, raise: securityEvents.raise });
  return {
    securityEvents,
    auditHead: () => store.head,
    detections,
    eventLimiter: createEventLimiter({ now, onSuppressed: metrics.countSuppressedEvent }),
    ...(webhook === undefined ? {} : { alertWebhook: webhook }),
  };
}
