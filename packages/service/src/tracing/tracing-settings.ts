import { originSetting, refusedSetting, type SettingFault } from '@redoubt/config';
import { Type } from '@sinclair/typebox';

import { absolutePath } from '../settings/database-tls-settings.ts';

/** One trace in ten shows what is slow, and costs a tenth; an edge that decides by itself is followed. */
const DEFAULT_SAMPLE_RATIO = 0.1;

/** Plain http goes to this machine and no further. */
const LOOPBACK = /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/;

/** Where traces go, by the names that OpenTelemetry has for it: to be spread into the schema of the service. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    originSetting({
      description:
        'OpenTelemetry collector that takes OTLP over HTTP in JSON: https, or http to this machine; absent: no traces (decision 019)',
    }),
  ),
  OTEL_EXPORTER_OTLP_CERTIFICATE: Type.Optional(
    absolutePath('Authorities that the collector is believed by (PEM); absent: the public ones'),
  ),
  OTEL_TRACES_SAMPLE_RATIO: Type.Number({
    minimum: 0,
    maximum: 1,
    default: DEFAULT_SAMPLE_RATIO,
    description: 'Part of the traces that is recorded, where no trusted hop has decided it',
  }),
};

/** Refuses plain http that leaves the machine, on a developer's as well (SR-28, SR-29). */
export function plainCollector({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
}: {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT: string | undefined;
}): SettingFault | undefined {
  if (endpoint === undefined || !endpoint.startsWith('http:') || LOOPBACK.test(endpoint)) return undefined;
  return refusedSetting(
    'RD-007',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'https, or http to this machine',
    'Use https, or a collector beside the service: traces would cross the network for everybody to read.',
  );
}
