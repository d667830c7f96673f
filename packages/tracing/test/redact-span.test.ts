import { randomBytes } from 'node:crypto';

import {
  type Attributes,
  ROOT_CONTEXT,
  type SpanContext,
  SpanStatusCode,
  trace,
  type TraceState,
} from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { createCanary, createOtlpReceiver, formsOf } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';

import { createCollectorClient } from '../src/collector-client.ts';
import { SpanQueue } from '../src/span-queue.ts';

const silent = { info: () => undefined, warn: () => undefined };

/** A context of somebody else, whose state holds the canary. */
function foreign(canary: string): SpanContext {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  const traceState: TraceState = {
    get: () => canary,
    set: () => traceState,
    unset: () => traceState,
    serialize: () => `vendor=${canary}`,
  };
  return { traceId, spanId, traceFlags: 1, isRemote: true, traceState };
}

describe('a span of any maker', () => {
  it('SR-43: leaves without the canary that stands in each of its places', async () => {
    const receiver = await createOtlpReceiver();
    const client = createCollectorClient({
      service: 'test',
      endpoint: receiver.origin,
      sampleRatio: 1,
      logger: silent,
      onLost: () => undefined,
    });
    const queue = new SpanQueue({ deliver: client.deliver, onLost: () => undefined });
    const provider = new TracerProvider({ spanProcessors: [queue] });
    const canary = createCanary();
    const attributes: Attributes = {
      text: `x ${canary}`,
      list: ['a', canary],
      map: { inner: { deep: canary } },
      [`name ${canary}`]: 'a name',
      'http.request.header.authorization': [`Basic ${canary}`],
    };
    const span = provider
      .getTracer('somebody')
      .startSpan(
        `work on ${canary}`,
        { attributes, links: [{ context: foreign(canary), attributes: { text: canary } }] },
        trace.setSpanContext(ROOT_CONTEXT, foreign(canary)),
      );
    span.addEvent(`event ${canary}`, { text: canary });
    span.recordException(new Error(`failed on ${canary}`));
    span.addLink({ context: foreign(canary), attributes: { [canary]: 1 } });
    span.setStatus({ code: SpanStatusCode.ERROR, message: `because of ${canary}` });
    span.end();
    await queue.shutdown();
    await client.close();
    await receiver.close();
    const [told] = receiver.spans();
    expect(told).toMatchObject({ name: 'work on [redacted]', status: { code: 2, message: 'because of [redacted]' } });
    expect(told?.events).toHaveLength(2);
    for (const form of formsOf(canary)) expect(receiver.text()).not.toContain(form);
  });
});
