import type { IncomingHttpHeaders } from 'node:http';

/**
 * Headers that a request has once or not at all: two readers who take the first and the last of a pair are told two
 * stories. Node keeps the first of some, joins others and drops a few, so that a step further on cannot see it.
 */
const SINGLE: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'origin',
  'proxy-authorization',
  'signature',
  'signature-input',
  'content-digest',
  'traceparent',
  'transfer-encoding',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'x-request-id',
]);

/** Whether a request repeats a header that it may send once. `rawHeaders` alternates names and values, as Node keeps them. */
export function hasDoubledHeader(rawHeaders: readonly string[], headers: IncomingHttpHeaders): boolean {
  // As many names as fields: nothing is doubled, and nearly every request is done here.
  return Object.keys(headers).length * 2 !== rawHeaders.length && repeatsSingle(rawHeaders);
}

function repeatsSingle(rawHeaders: readonly string[]): boolean {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) return true;
    seen.add(name);
  }
  return false;
}
