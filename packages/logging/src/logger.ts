import { pino, type ChildLoggerOptions, type Logger } from 'pino';
import { createBufferedDestination } from './buffered-destination.ts';
import type { LogDestination } from './destination.ts';
import { createIsoFormatter } from './iso-time.ts';
import { redactArguments, redactBindings, setField } from './log-arguments.ts';
import { keepInternals } from './logger-internals.ts';
import { boundText } from './redaction/bound-text.ts';
import { redactText } from './redaction/redact-text.ts';
import { redactValue, type LogRecord } from './redaction/redact-value.ts';
import { requestContext } from './request-context.ts';

/** The least level that is written. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** What `createLogger` needs. */
export interface LoggerOptions {
  /** The service's name, on every line. */
  readonly service: string;
  readonly level: LogLevel;
  /** Where lines go: buffered stdout by default; `createPrettyDestination()` for a person at a terminal. */
  readonly destination?: LogDestination;
  /** Milliseconds since 1970; the wall clock by default. */
  readonly now?: () => number;
}

/**
 * A pino logger that writes one line of JSON for each event: `level` as a label, `time` as ISO 8601 in UTC with
 * milliseconds, `service`, and the ids of request, trace, span, user and service from the request context (SR-47).
 * Whatever a caller or a library hands to it, or to its children as bindings, is redacted (SR-43) and bounded (SR-44)
 * first; logging never throws. Errors are given as the first argument or under a key of the record.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { service, level, now = Date.now } = options;
  const destination: LogDestination =
    options.destination ??
    createBufferedDestination({ onDropped: (lines) => logger.error({ lines }, 'log lines were dropped') });
  const format = createIsoFormatter();
  const time = (): string => format(now());

  const logger: Logger = pino(
    {
      level,
      base: { service: boundText(service) },
      timestamp: () => `,"time":"${time()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // Errors arrive described: pino's own serializer would read the causes again.
      serializers: { err: (error: unknown) => error, msg: redactMessage },
      mixin: contextFields,
      mixinMergeStrategy: addContextFields,
      hooks: {
        // The one way of every call at every level of every child; child options cannot replace hooks.
        logMethod(given, method) {
          method.apply(this, redactArguments(given) as Parameters<typeof method>);
        },
      },
    },
    // `write` alone: given a `flushSync`, pino would block the event loop on every fatal line.
    { write: (line: string) => destination.write(line) },
  );
  guardBindings(logger);
  keepInternals(logger, { service, destination, time });
  return logger;
}

const noFields: LogRecord = Object.freeze({});

/** The text after interpolation: a secret may have come together only there. */
function redactMessage(message: unknown): unknown {
  return typeof message === 'string' ? redactText(message) : redactValue(message);
}

function contextFields(): LogRecord {
  const context = requestContext.get();
  if (context === undefined) return noFields;
  const { requestId, traceId, spanId, userId, serviceId } = context;
  return {
    requestId: boundText(requestId),
    ...(traceId !== undefined && { traceId: boundText(traceId) }),
    ...(spanId !== undefined && { spanId: boundText(spanId) }),
    ...(userId !== undefined && { userId: boundText(userId) }),
    ...(serviceId !== undefined && { serviceId: boundText(serviceId) }),
  };
}

/** The context's fields win: what a caller logs under their names must not pass for the request's own. */
function addContextFields(record: object, fields: object): object {
  for (const [name, value] of Object.entries(fields)) setField(record as LogRecord, name, value);
  return record;
}

/** pino formats bindings without calling any formatter or hook: they are redacted on their way in. */
function guardBindings(logger: Logger): void {
  const unguarded: Pick<Logger, 'setBindings'> & {
    child(this: Logger, bindings: object, options: ChildLoggerOptions | undefined): Logger;
  } = { child: logger.child, setBindings: logger.setBindings };
  Object.assign(logger, {
    child(this: Logger, bindings: object, options?: ChildLoggerOptions): Logger {
      return unguarded.child.call(this, redactBindings(bindings), options);
    },
    setBindings(this: Logger, bindings: object): void {
      unguarded.setBindings.call(this, redactBindings(bindings));
    },
  });
}
