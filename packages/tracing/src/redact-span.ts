import { redactText, redactValue } from '@redoubt/logging';
import type { Attributes, SpanContext, SpanStatus } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/**
 * A span as it may leave (SR-43): its name, attributes, events, links and status pass the redaction of the log, keys as
 * well as values, whoever set them. Ids, times and numbers stay; `tracestate`, which others write, goes.
 */
export function redactSpan(span: ReadableSpan): ReadableSpan {
  const context = withoutState(span.spanContext());
  return {
    name: redactText(span.name),
    kind: span.kind,
    spanContext: () => context,
    ...(span.parentSpanContext === undefined ? {} : { parentSpanContext: withoutState(span.parentSpanContext) }),
    startTime: span.startTime,
    endTime: span.endTime,
    duration: span.duration,
    ended: span.ended,
    status: redactStatus(span.status),
    attributes: redactAttributes(span.attributes),
    links: span.links.map(({ context: linked, attributes = {} }) => ({
      context: withoutState(linked),
      attributes: redactAttributes(attributes),
    })),
    events: span.events.map(({ name, time, attributes = {} }) => ({
      name: redactText(name),
      time,
      attributes: redactAttributes(attributes),
    })),
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  };
}

function redactStatus({ code, message }: SpanStatus): SpanStatus {
  return message === undefined ? { code } : { code, message: redactText(message) };
}

/** What comes out is made of the same sorts as what went in: texts, numbers, lists. */
function redactAttributes(attributes: Attributes): Attributes {
  return redactValue(attributes) as Attributes;
}

function withoutState({ traceId, spanId, traceFlags, isRemote }: SpanContext): SpanContext {
  return { traceId, spanId, traceFlags, ...(isRemote === undefined ? {} : { isRemote }) };
}
