import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** Upper bounds of the duration buckets in seconds: fine where an API lives, coarse above. */
const DURATION_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What became of a request at its rate limit, beside being let through by the shared counters. */
export type RateLimitOutcome = 'limited' | 'local' | 'refused';

/** Why a request or a connection was turned away unseen, or a handler given up. */
export type ShedReason = 'event-loop' | 'in-flight' | 'connections' | 'handler-timeout';

/** What the service measures, in Prometheus' terms. Labels have few values: routes as declared, and methods that Node knows. */
export interface Metrics {
  readonly registry: Registry;
  observeRequest(method: string, route: string, status: number, durationMs: number): void;
  /** Counts one security event by its name. */
  countSecurityEvent(name: string): void;
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
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: DURATION_BUCKETS_SECONDS,
    registers: [registry],
  });
  const count = (name: string, help: string, label?: string): Counter =>
    new Counter({ name, help, labelNames: label === undefined ? [] : [label], registers: [registry] });
  const events = count('security_events_total', 'Security events, by their name in the catalogue.', 'event');
  const lostMails = count('mails_lost_total', 'Mails that were tried and not handed over.');
  const rateLimits = count(
    'rate_limit_outcomes_total',
    'Requests over a limit, counted without the shared store, or refused because it is away.',
    'outcome',
  );
  const shed = count(
    'requests_shed_total',
    'Requests and connections turned away to stay in time, and handlers given up.',
    'reason',
  );
  return {
    registry,
    observeRequest: (method, route, status, durationMs) =>
      durations.observe({ method, route, status }, durationMs / 1000),
    countSecurityEvent: (event) => events.inc({ event }),
    countLostMail: () => lostMails.inc(),
    countRateLimit: (outcome) => rateLimits.inc({ outcome }),
    countShed: (reason) => shed.inc({ reason }),
  };
}
