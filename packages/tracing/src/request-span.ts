import { redactValue } from '@redoubt/logging';
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';

/** W3C Trace Context, section 3.2.2: version, trace, span, flags. */
const PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** W3C Trace Context, section 3.2.2.5: the one flag that is read here. */
const SAMPLED = 0x01;

/** Attributes wait for the end: a span that is not recorded would pay for them. */
const SERVER: SpanOptions = { kind: SpanKind.SERVER };

/** The first status that is the server's own fault. */
const FIRST_SERVER_ERROR = 500;

/** How a request ended. */
export interface SpanOutcome {
  /** The route's pattern, never the URL; absent where none matched. */
  readonly route?: string | undefined;
  readonly status: number;
}

/** The span of one request. */
export interface RequestSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** What calls that leave tell of it (W3C Trace Context). */
  readonly traceparent: string;
  /** Keeps what a reader of the trace should know; it is redacted before it leaves (SR-43). */
  setAttribute(name: string, value: string | number | boolean): void;
  /** Keeps the type, the message and the frames of an error, redacted (SR-43). */
  recordError(error: unknown): void;
  /** Ends it; what is told afterwards is ignored. */
  end(outcome: SpanOutcome): void;
}

/**
 * Begins the span of a request. Of the request it knows the method and, at its end, route and status (OpenTelemetry's
 * semantic conventions for HTTP): no query, path parameter, header or body is an attribute.
 */
export function startRequestSpan(tracer: Tracer, method: string, parent: string | undefined): RequestSpan {
  const span = tracer.startSpan(method, SERVER, contextOf(parent));
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceId,
    spanId,
    traceparent: `00-${traceId}-${spanId}-${traceFlags === 1 ? '01' : '00'}`,
    setAttribute(name, value) {
      if (span.isRecording()) span.setAttribute(name, value);
    },
    recordError(error) {
      if (span.isRecording()) addError(span, error);
    },
    end(outcome) {
      if (span.isRecording()) endSpan(span, method, outcome);
    },
  };
}

/** Without a parent, a trace of its own: whatever is around, such as another library's span, is not joined. */
function contextOf(parent: string | undefined): Context {
  const [, traceId = '', spanId = '', flags = ''] = PARENT.exec(parent ?? '') ?? [];
  if (traceId === '') return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

/** As the log describes it: without what drivers add of rows, and without the message on top of the stack. */
function addError(span: Span, error: unknown): void {
  const described = redactValue(error);
  const { type, message, stack } = (isRecord(described) ? described : { message: described }) as Record<
    string,
    unknown
  >;
  span.setAttribute('error.type', textOf(type));
  span.addEvent('exception', {
    'exception.type': textOf(type),
    'exception.message': textOf(message),
    'exception.stacktrace': textOf(stack),
  });
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function endSpan(span: Span, method: string, { route, status }: SpanOutcome): void {
  span.setAttribute('http.request.method', method);
  if (route !== undefined) {
    span.updateName(`${method} ${route}`);
    span.setAttribute('http.route', route);
  }
  span.setAttribute('http.response.status_code', status);
  if (status >= FIRST_SERVER_ERROR) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
