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

  const beforeTime = { info: '{"level":"info","time":"', error: '{"level":"error","time":"' };
  const afterTime = `","service":${JSON.stringify(service)},"requestId":`;
  const outcomeOf = createOutcomeText();

  return (line) => {
    const failed = line.status >= firstServerError;
    if (logger.levelVal > (failed ? errorLevel : infoLevel)) return;
    const durationMs = Math.round(line.durationMs * decimalsOfMilliseconds) / decimalsOfMilliseconds;
    // Put together by hand, as JSON.stringify would write it: half of what a line costs.
    destination.write(
      `${failed ? beforeTime.error : beforeTime.info}${time()}${afterTime}${quote(line.requestId)}${quoteId('traceId', line.traceId)}${quoteId('spanId', line.spanId)}${quoteId('userId', line.userId)}${quoteId('serviceId', line.serviceId)}${outcomeOf(line.method, line.route, line.status)}${Number.isFinite(durationMs) ? durationMs : 'null'},"clientAddress":${quote(line.clientAddress)},"msg":"request"}\n`,
    );
  };
}

/** Printable ASCII without quote and backslash: what JSON writes as it is. */
const plainInJson = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** Units of a text that no bound can meet. */
const maxPlainUnits = 256;

/** The text as a string of JSON, bounded. */
function quote(text: string): string {
  if (text.length <= maxPlainUnits && plainInJson.test(text)) return `"${text}"`;
  return JSON.stringify(boundText(text));
}

function quoteId(name: string, id: string | undefined): string {
  return id === undefined ? '' : `,"${name}":${quote(id)}`;
}

/** Texts that are kept: more than a service has routes with their methods and outcomes. */
const maxOutcomes = 10_000;

/** The function that writes what all requests of a route with one outcome share; each text is made once. */
function createOutcomeText(): (method: string, route: string, status: number) => string {
  const texts = new Map<string, Map<string, Map<number, string>>>();
  let kept = 0;

  return (method, route, status) => {
    const known = texts.get(route)?.get(method)?.get(status);
    if (known !== undefined) return known;
    const text = `,"method":${quote(method)},"route":${quote(route)},"status":${status},"durationMs":`;
    if (kept < maxOutcomes) {
      kept += 1;
      const ofRoute = texts.get(route) ?? new Map<string, Map<number, string>>();
      const ofMethod = ofRoute.get(method) ?? new Map<number, string>();
      texts.set(route, ofRoute.set(method, ofMethod.set(status, text)));
    }
    return text;
  };
}
