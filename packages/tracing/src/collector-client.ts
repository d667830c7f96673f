import { isIPv4 } from 'node:net';

import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import {
  createOutboundClient,
  OutboundError,
  type OutboundResponse,
  parseOutboundUrl,
  portOf,
} from '@redoubt/outbound';

import type { TracingOptions } from './create-tracing.ts';
import { redactSpan } from './redact-span.ts';
import { rejectedSpansOf } from './rejected-spans.ts';
import type { SpanQueueOptions } from './span-queue.ts';

/** OTLP/HTTP: where spans go below the address of a collector. */
const TRACES_PATH = '/v1/traces';

/** An answer says how many spans were not taken, and why; 16 KiB is more than that needs. */
const MAX_ANSWER_BYTES = 16 * 1024;

/** Brings spans to a collector. */
export interface CollectorClient {
  readonly deliver: SpanQueueOptions['deliver'];
  close(): Promise<void>;
}

/** Why a delivery failed, as the log says it: nothing that the collector wrote. */
type Outage = { readonly code: string; readonly reason?: string | undefined } | { readonly status: number };

/**
 * Creates the client of a collector: OTLP over HTTP in JSON, through the one client for calls that leave (SR-29), one
 * attempt for each delivery. Every span is redacted before it is written (SR-43). The collector learns no correlation
 * id.
 *
 * @throws {TypeError} for an endpoint that may not be called.
 */
export function createCollectorClient({ endpoint, ca, deadlineMs, logger }: TracingOptions): CollectorClient {
  const url = new URL(TRACES_PATH, endpoint);
  const reach = isLoopback(url.hostname) ? 'loopback' : 'private';
  if (parseOutboundUrl(url, reach) === undefined)
    throw new TypeError('a collector is reached over https, or over http on this machine');
  const client = createOutboundClient({
    hosts: [{ host: url.hostname, port: portOf(url), reach, correlation: 'withheld' }],
    maxResponseBytes: MAX_ANSWER_BYTES,
    ...(ca === undefined ? {} : { ca }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  const announce = createAnnouncer(logger);
  const post = (spans: readonly ReadableSpan[], signal: AbortSignal): Promise<OutboundResponse> => {
    const body = JsonTraceSerializer.serializeRequest(spans.map(redactSpan));
    if (body === undefined) throw new TypeError('spans are written as JSON');
    return client.request({ method: 'POST', url, headers: { 'content-type': 'application/json' }, body, signal });
  };
  return {
    async deliver(spans, signal) {
      try {
        const { status, body } = await post(spans, signal);
        const isTaken = status >= 200 && status < 300;
        announce(isTaken ? undefined : { status });
        const lost = isTaken ? rejectedSpansOf(body, spans.length) : spans.length;
        return lost === 0 ? undefined : { spans: lost, reason: 'refused' };
      } catch (error) {
        const { code, reason } = error instanceof OutboundError ? error : { code: 'unwritable' };
        announce({ code, reason });
        return { spans: spans.length, reason: 'unreachable' };
      }
    },
    close: () => client.close(),
  };
}

/** Says once that spans are lost, and once that they arrive again. */
function createAnnouncer(logger: TracingOptions['logger']): (outage: Outage | undefined) => void {
  let isAway = false;
  return (outage) => {
    if (isAway === (outage !== undefined)) return;
    isAway = outage !== undefined;
    if (isAway) logger.warn({ ...outage }, 'spans do not reach the collector, and are lost');
    else logger.info('spans reach the collector again');
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}
