import type { FastifyRequest } from 'fastify';

/** The span of one request, as `@redoubt/tracing` makes it. */
export interface RequestSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceparent: string;
  /** For a handler that has something to tell; it is redacted before it leaves the service (SR-43). */
  setAttribute(name: string, value: string | number | boolean): void;
  /** The same for an error: its type, message and frames. */
  recordError(error: unknown): void;
  end(outcome: { readonly route?: string | undefined; readonly status: number }): void;
}

/** Begins spans. */
export interface RequestTracer {
  /** `parent` is the trace of a trusted hop, well-formed. */
  startRequest(method: string, parent?: string): RequestSpan;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The span of the request; `null` where the service makes none. */
    span: RequestSpan | null;
    /** What its log lines and its calls carry; `null` outside of any trace. */
    trace: TraceContext | null;
  }
}

/** What is known of the trace of a request; the span is absent where the service makes none. */
interface TraceContext {
  readonly traceparent: string;
  readonly traceId: string;
  readonly spanId?: string;
}

/** W3C Trace Context, section 3.2: the trace's id stands behind the version. */
const TRACE_ID_START = 3;
const TRACE_ID_END = 35;

/**
 * Puts a request into its trace: begins its span or, where the service makes none, takes what a trusted hop sent
 * (SR-47). Its end is seen where the log line is written.
 */
export function enterTrace(request: FastifyRequest, carried: string | undefined, tracer?: RequestTracer): void {
  if (tracer !== undefined) {
    const span = tracer.startRequest(request.method, carried);
    const { traceparent, traceId, spanId } = span;
    request.span = span;
    request.trace = { traceparent, traceId, spanId };
    return;
  }
  if (carried !== undefined)
    request.trace = { traceparent: carried, traceId: carried.slice(TRACE_ID_START, TRACE_ID_END) };
}
