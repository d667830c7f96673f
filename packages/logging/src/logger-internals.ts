import type { Logger } from 'pino';
import type { LogDestination } from './destination.ts';

/** What `createLogger` keeps beside a logger for the functions that write past pino, or after it. */
export interface LoggerInternals {
  readonly service: string;
  readonly destination: LogDestination;
  /** The current time as ISO 8601 in UTC with milliseconds. */
  readonly time: () => string;
}

const internalsByLogger = new WeakMap<object, LoggerInternals>();

/** Remembers what belongs to a logger. */
export function keepInternals(logger: Logger, internals: LoggerInternals): void {
  internalsByLogger.set(logger, internals);
}

/**
 * What belongs to a logger or, for a child, to the logger it descends from.
 *
 * @throws TypeError for a logger that `createLogger` did not make.
 */
export function internalsOf(logger: Logger): LoggerInternals {
  for (let candidate: object | null = logger; candidate !== null; candidate = parentOf(candidate)) {
    const internals = internalsByLogger.get(candidate);
    if (internals !== undefined) return internals;
  }
  throw new TypeError('The logger was not made by createLogger');
}

function parentOf(logger: object): object | null {
  return Object.getPrototypeOf(logger) as object | null;
}
