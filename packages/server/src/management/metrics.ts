import { securityEventCatalogue, type SecurityEventName } from '@redoubt/logging';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

import { detectionRules } from '../detections/detection-rules.ts';
import type { DetectionMetrics } from '../detections/detections.ts';
import { RequestDurations } from './request-durations.ts';

/** What became of a request at its rate limit, beside being let through by the shared counters. */
export type RateLimitOutcome = 'limited' | 'local' | 'refused';

/** Why a request or a connection was turned away unseen, or a handler given up. */
export type ShedReason = 'event-loop' | 'in-flight' | 'connections' | 'handler-timeout';

/** What the service measures, in Prometheus' terms. Labels have few values: routes as declared, and methods that Node knows. */
export interface Metrics extends DetectionMetrics {
  readonly registry: Registry;
  observeRequest(method: string, route: string, status: number, durationMs: number): void;
  /** Counts one security event. */
  countSecurityEvent(name: SecurityEventName): void;
  /** Counts one security event that was not raised, because too many of its kind were. */
  countSuppressedEvent(name: SecurityEventName): void;
  /** Counts security events that did not reach the audit table. */
  countLostEvents(count: number): void;
  /** Notes when the log was last written to for sure, and how long the audit table was (SR-46, SR-48). */
  beat(timestampSeconds: number, auditSequence: number | undefined): void;
  /** Counts one alert that the webhook did not take. */
  countLostAlert(): void;
  /** Counts one mail that was not sent. */
  countLostMail(): void;
  /** Counts one request that was over its limit, counted in this process alone, or refused without a count. */
  countRateLimit(outcome: RateLimitOutcome): void;
  /** Counts one request or connection that was shed. */
  countShed(reason: ShedReason): void;
}

/** Creates the metrics of one process: Node's own, requests by route and status, and security events. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new RequestDurations();
  durations.register(registry);
  const events = new Counter({
    name: 'security_events_total',
    help: 'Security events, by their name in the catalogue.',
    labelNames: ['event'] as const,
    registers: [registry],
  });
  const suppressed = new Counter({
    name: 'security_events_suppressed_total',
    help: 'Security events that were not raised, because one source or all together raised too many of the kind.',
    labelNames: ['event'] as const,
    registers: [registry],
  });
  const lostEvents = new Counter({
    name: 'security_events_lost_total',
    help: 'Security events that are in the log and not in the audit table.',
    registers: [registry],
  });
  // A series that begins with its first event would show no increase by it.
  for (const event of Object.keys(securityEventCatalogue)) events.inc({ event }, 0);
  const alerts = new Counter({
    name: 'security_alerts_total',
    help: 'Alerts of detections, by their rule.',
    labelNames: ['rule'] as const,
    registers: [registry],
  });
  for (const { name: rule } of detectionRules) alerts.inc({ rule }, 0);
  const localDetections = new Counter({
    name: 'security_detections_local_total',
    help: 'Signals that this replica counted alone, because the shared store was away.',
    registers: [registry],
  });
  const droppedSignals = new Counter({
    name: 'security_detections_dropped_total',
    help: 'Signals that no detection counted, because too many waited.',
    registers: [registry],
  });
  const lostAlerts = new Counter({
    name: 'security_alerts_undelivered_total',
    help: 'Alerts that did not reach the webhook.',
    registers: [registry],
  });
  const heartbeat = new Gauge({
    name: 'log_heartbeat_timestamp_seconds',
    help: 'When the last heartbeat was written to the log.',
    registers: [registry],
  });
  const auditSequence = new Gauge({
    name: 'security_audit_sequence',
    help: 'The number of the newest row of the audit table that this replica has written.',
    registers: [registry],
  });
  const lostMails = new Counter({
    name: 'mails_lost_total',
    help: 'Mails that were tried and not handed over.',
    registers: [registry],
  });
  const rateLimits = new Counter({
    name: 'rate_limit_outcomes_total',
    help: 'Requests over a limit, counted without the shared store, or refused because it is away.',
    labelNames: ['outcome'] as const,
    registers: [registry],
  });
  const shed = new Counter({
    name: 'requests_shed_total',
    help: 'Requests and connections turned away to stay in time, and handlers given up.',
    labelNames: ['reason'] as const,
    registers: [registry],
  });
  return {
    registry,
    observeRequest: (method, route, status, durationMs) => durations.observe(method, route, status, durationMs / 1000),
    countSecurityEvent: (event) => events.inc({ event }),
    countSuppressedEvent: (event) => suppressed.inc({ event }),
    countLostEvents: (count) => lostEvents.inc(count),
    countAlert: (rule) => alerts.inc({ rule }),
    countLocalDetection: () => localDetections.inc(),
    countDroppedSignal: () => droppedSignals.inc(),
    countLostAlert: () => lostAlerts.inc(),
    beat: (timestampSeconds, sequence) => {
      heartbeat.set(timestampSeconds);
      if (sequence !== undefined) auditSequence.set(sequence);
    },
    countLostMail: () => lostMails.inc(),
    countRateLimit: (outcome) => rateLimits.inc({ outcome }),
    countShed: (reason) => shed.inc({ reason }),
  };
}
