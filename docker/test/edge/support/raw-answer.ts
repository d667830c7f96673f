import { exchange, EDGE_NAME, type RawTarget } from './raw-exchange.ts';

/** An answer as it came over the wire: every header with each of its values. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

/** What is asked; absent: `GET /`, with the headers that any client sends. */
export interface RawRequest extends RawTarget {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** With its length in front, unless the headers have a transfer coding. */
  readonly body?: string;
}

/** The bytes of a request after which the connection ends. */
function requestBytes({ method = 'GET', path = '/', host = EDGE_NAME, headers = [], body }: RawRequest): string {
  const isFramed = body === undefined || headers.some(([name]) => name === 'Transfer-Encoding');
  const length = isFramed ? [] : [['Content-Length', String(body.length)] as const];
  const fields = [['Host', host], ['Connection', 'close'], ...length, ...headers].map((each) => each.join(': '));
  return `${method} ${path} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

/** Sends one request and reads its answer; throws when there is none. */
export async function askRaw(request: RawRequest): Promise<RawAnswer> {
  const text = await exchange(requestBytes(request), request);
  const [answer] = parseAnswers(text, request.method === 'HEAD' ? 'without bodies' : 'with bodies');
  if (answer === undefined) throw new Error(`no answer to ${request.method ?? 'GET'} ${request.path ?? '/'}`);
  return answer;
}

/** The one value of a header; absent when it has none, or several. */
export function headerOf({ headers }: RawAnswer, name: string): string | undefined {
  const values = headers.get(name) ?? [];
  return values.length === 1 ? values[0] : undefined;
}

const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})/;

/** Reads all answers of a connection, one after the other; what is none ends the list. */
export function parseAnswers(text: string, bodies: 'with bodies' | 'without bodies' = 'with bodies'): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; STATUS_LINE.test(rest);) {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) break;
    const status = Number(STATUS_LINE.exec(rest)?.[1]);
    const headers = parseFields(rest.slice(0, end).split('\r\n').slice(1));
    rest = rest.slice(end + 4);
    // An interim answer is none.
    if (status < 200) continue;
    const isBare = bodies === 'without bodies' || status === 204 || status === 304;
    const { body, length } = isBare ? { body: '', length: 0 } : takeBody(rest, headers);
    answers.push({ status, headers, body });
    rest = rest.slice(length);
  }
  return answers;
}

function parseFields(lines: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return headers;
}

interface Taken {
  readonly body: string;
  /** Of the text that the body took, its framing included. */
  readonly length: number;
}

function takeBody(text: string, headers: ReadonlyMap<string, readonly string[]>): Taken {
  if (headers.get('transfer-encoding')?.[0] === 'chunked') return takeChunks(text);
  const length = Number(headers.get('content-length')?.[0] ?? text.length);
  return { body: text.slice(0, length), length };
}

function takeChunks(text: string): Taken {
  let body = '';
  let at = 0;
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (lineEnd === -1 || !(size > 0)) return { body, length: lineEnd === -1 ? text.length : lineEnd + 4 };
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 2 + size + 2;
  }
}
