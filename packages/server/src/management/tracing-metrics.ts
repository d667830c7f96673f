import { Counter, type Registry } from 'prom-client';

/** Counts what happens to spans. */
export interface TracingCounters {
  /** Counts spans that never reached the collector. */
  countLost(spans: number, reason: string): void;
}

/** Adds the metric of traces; only a service that has a collector has it. */
export function addTracingMetrics(registry: Registry): TracingCounters {
  const lost = new Counter({
    name: 'trace_spans_lost_total',
    help: 'Recorded spans that never reached the collector, by the reason.',
    labelNames: ['reason'] as const,
    registers: [registry],
  });
  return { countLost: (spans, reason) => lost.inc({ reason }, spans) };
}
