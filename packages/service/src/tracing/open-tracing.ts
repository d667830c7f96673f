import { readFile } from 'node:fs/promises';

import type { Logger } from '@redoubt/logging';
import { addTracingMetrics, type Metrics } from '@redoubt/server';

import type { ServiceTracing } from '../service-dependencies.ts';
import type { ServiceSettings } from '../settings/service-settings.ts';

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
  service: string,
  settings: ServiceSettings,
  { logger, metrics }: TracingContext,
): Promise<{ readonly tracing?: ServiceTracing }> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_CERTIFICATE: authorities } = settings;
  if (endpoint === undefined) return {};
  const { createTracing } = await import('@redoubt/tracing');
  const tracing = createTracing({
    service,
    endpoint,
    ...(authorities === undefined ? {} : { ca: await readFile(authorities, 'utf8') }),
    sampleRatio: settings.OTEL_TRACES_SAMPLE_RATIO,
    logger,
    onLost: addTracingMetrics(metrics.registry).countLost,
  });
  return { tracing };
}
