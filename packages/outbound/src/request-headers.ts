/** RFC 9110, section 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
/** Visible ASCII with spaces and tabs within (RFC 9110, section 5.5, without what it calls obsolete). */
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;

/**
 * What the client itself says, or nobody does: where the message ends, how it is encoded, whom it is for and through
 * whom, cookies, and what joins a call to a request.
 */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'baggage',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'traceparent',
  'tracestate',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'x-request-id',
]);

/**
 * Puts the headers of a call together as names and values in turn.
 *
 * @throws {TypeError} for a name or a value that could begin another header or message, and for a header that is the
 * client's own. Nothing of the value is in the message.
 */
export function createRequestHeaders(
  given: Readonly<Record<string, string>>,
  correlation: Readonly<Record<string, string>>,
): string[] {
  for (const name of Object.keys(given)) {
    if (OWN_HEADERS.has(name.toLowerCase())) throw new TypeError('a call does not set a header that the client sets');
  }
  const headers = [...Object.entries(given), ...Object.entries(correlation), ['accept-encoding', 'identity'] as const];
  return headers.flatMap(([name, value]) => [parseName(name), parseValue(value)]);
}

function parseName(name: string): string {
  if (!HEADER_NAME.test(name)) throw new TypeError('a header has a name of letters, digits and hyphens');
  return name.toLowerCase();
}

function parseValue(value: string): string {
  if (!HEADER_VALUE.test(value)) throw new TypeError('a header has a value of visible ASCII, without line breaks');
  return value;
}
