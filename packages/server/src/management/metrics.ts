import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** Upper bounds of the duration buckets in seconds: fine where an API lives, coarse above. */
const DURATION_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What the service measures, in Prometheus' terms. Labels have few values: routes as declared, and methods that Node knows. */
export interface Metrics {
  readonly registry: Registry;
  observeRequest(method: string, route: string, status: number, durationMs: number): void;
  /** Counts one security event by its name. */
  countSecurityEvent(name: string): void;
  /** Counts one mail that was not sent. */
  countLostMail(): void;
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
  const events = new Counter({
    name: 'security_events_total',
    help: 'Security events, by their name in the catalogue.',
    labelNames: ['event'] as const,
    registers: [registry],
  });
  const lostMails = new Counter({
    name: 'mails_lost_total',
    help: 'Mails that were tried and not handed over.',
    registers: [registry],
  });
  return {
    registry,
    observeRequest: (method, route, status, durationMs) =>
      durations.observe({ method, route, status }, durationMs / 1000),
    countSecurityEvent: (event) => events.inc({ event }),
    countLostMail: () => lostMails.inc(),
  };
}
