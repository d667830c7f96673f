import type { Logger } from 'pino';
import { internalsOf } from './logger-internals.ts';
import { boundText } from './redaction/bound-text.ts';

/** What is logged of every request. None of it is a client's text: no URL, no header, no body. */
export interface RequestLine {
  /** A method that the server knows. */
  readonly method: string;
  /** The route's pattern, `/api/users/:id`, never the URL. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly userId?: string | undefined;
  /** The service that signed the request, or whose client certificate opened the connection. */
  readonly serviceId?: string | undefined;
  /** The parsed address of the client (SR-23). */
  readonly clientAddress: string;
  /** The correlation id (SR-47). */
  readonly requestId: string;
  /** The trace of the request and its span there, where it has them. */
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
}

/** The first status that is the server's own fault. */
const firstServerError = 500;

/** A microsecond: more digits are noise, and cost time to print. */
const decimalsOfMilliseconds = 1_000;

/**
 * The function that writes the one line of each request, past pino: level `info`, or `error` from status 500 on. Its
 * fields are known, so they are bounded and escaped (SR-44) but not searched for secrets. They are given, not read from
 * the request context, because the response may end outside of it.
 *
 * @throws TypeError for a logger that `createLogger` did not make.
 */
export function createRequestLine(logger: Logger): (line: RequestLine) => void {
  const { destination, service, time } = internalsOf(logger);
  const { error: errorLevel = 0, info: infoLevel = 0 } = logger.levels.values;

  return (line) => {
    const failed = line.status >= firstServerError;
    if (logger.levelVal > (failed ? errorLevel : infoLevel)) return;
    const text = JSON.stringify({
      level: failed ? 'error' : 'info',
      time: time(),
      service,
      requestId: boundText(line.requestId),
      traceId: boundId(line.traceId),
      spanId: boundId(line.spanId),
      userId: boundId(line.userId),
      serviceId: boundId(line.serviceId),
      method: boundText(line.method),
      route: boundText(line.route),
      status: line.status,
      durationMs: Math.round(line.durationMs * decimalsOfMilliseconds) / decimalsOfMilliseconds,
      clientAddress: boundText(line.clientAddress),
      msg: 'request',
    });
    destination.write(`${text}\n`);
  };
}

function boundId(id: string | undefined): string | undefined {
  return id === undefined ? undefined : boundText(id);
}
