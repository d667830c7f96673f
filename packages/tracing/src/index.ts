export { createTracing, type Tracing, type TracingOptions } from './create-tracing.ts';
export type { RequestSpan, SpanOutcome } from './request-span.ts';
export type { LossReason, OnLost } from './span-queue.ts';
