import type { Logger } from '@redoubt/logging';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';

import { createCollectorClient } from './collector-client.ts';
import { createRandomIds } from './random-ids.ts';
import { type RequestSpan, startRequestSpan } from './request-span.ts';
import { type OnLost, SpanQueue } from './span-queue.ts';

/** Attributes, events and links of one span; the log's own records have as many keys at most. */
const MAX_PARTS = 64;

/** UTF-16 units of a text that are kept until it is redacted: one more than redaction reads, so that it sees the cut. */
const MAX_TEXT_UNITS = 8193;

/** What traces need. */
export interface TracingOptions {
  /** The service's name, on every span. */
  readonly service: string;
  /** Origin of the collector: https, or http to this machine. Spans are posted to its `/v1/traces`. */
  readonly endpoint: string;
  /** Authorities (PEM) that the collector is believed by, in place of the public ones. */
  readonly ca?: string;
  /** The part of traces that is recorded, 0 to 1, where no trusted hop has decided it. */
  readonly sampleRatio: number;
  /** Told once when the collector can no longer be reached, and once when it can. */
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Told of spans that never reached the collector. */
  readonly onLost: OnLost;
  /** Milliseconds for one delivery. Default: that of every call that leaves, 5 s. */
  readonly deadlineMs?: number;
}

/** Makes the spans of requests and brings them to a collector. */
export interface Tracing {
  /**
   * Begins the span of a request. `parent`, a well-formed `traceparent`, is what a trusted hop sent: its trace is
   * joined, and what it decided about recording holds (SR-47).
   */
  startRequest(method: string, parent?: string): RequestSpan;
  /** Delivers what waits, for 2 s at most; the rest is lost, and counted. Spans that end later are lost, too. */
  close(): Promise<void>;
}

/**
 * Creates the traces of a process. Nothing is registered with OpenTelemetry's globals, no module is patched, and no
 * variable of the environment is read.
 *
 * @throws {TypeError | RangeError} for a collector that no call could reach, and a ratio that is none.
 */
export function createTracing(options: TracingOptions): Tracing {
  const { service, sampleRatio } = options;
  if (!(sampleRatio >= 0 && sampleRatio <= 1)) throw new RangeError('sampleRatio is a number from 0 to 1');
  const collector = createCollectorClient(options);
  const queue = new SpanQueue({ deliver: collector.deliver, onLost: options.onLost });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    idGenerator: createRandomIds(),
    spanLimits: {
      attributeCountLimit: MAX_PARTS,
      attributePerEventCountLimit: MAX_PARTS,
      eventCountLimit: MAX_PARTS,
      linkCountLimit: MAX_PARTS,
      attributeValueLengthLimit: MAX_TEXT_UNITS,
    },
    spanProcessors: [queue],
  });
  const tracer = provider.getTracer('@redoubt/tracing');
  return {
    startRequest: (method, parent) => startRequestSpan(tracer, method, parent),
    async close() {
      await queue.shutdown();
      await collector.close();
    },
  };
}
