import { readFile } from 'node:fs/promises';

import type { Logger } from '@redoubt/logging';
import { addTracingMetrics, type Metrics } from '@redoubt/server';

import type { ServiceTracing } from '../app-dependencies.ts';
import { SERVICE_NAME, type Settings } from '../settings.ts';

/** What tells of spans that are lost. */
export interface TracingContext {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * The traces of the service, where the settings name a collector. Where they name none, nothing of OpenTelemetry is
 * loaded, and no request pays for it.
 */
export async function openTracing(
  settings: Settings,
  { logger, metrics }: TracingContext,
): Promise<{ readonly tracing?: ServiceTracing }> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_CERTIFICATE: authorities } = settings;
  if (endpoint === undefined) return {};
  const { createTracing } = await import('@redoubt/tracing');
  const tracing = createTracing({
    service: SERVICE_NAME,
    endpoint,
    ...(authorities === undefined ? {} : { ca: await readFile(authorities, 'utf8') }),
    sampleRatio: settings.OTEL_TRACES_SAMPLE_RATIO,
    logger,
    onLost: addTracingMetrics(metrics.registry).countLost,
  });
  return { tracing };
}
