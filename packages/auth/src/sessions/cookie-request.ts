import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request that a cookie authenticates was made by a page that may make it, or by no page at all (SR-25).
 *
 * A page of another site says so in `Sec-Fetch-Site`. Otherwise the `Origin` must be allowed, or the request must carry
 * `X-Requested-With`, which a foreign page cannot add without a preflight that it fails; an `Origin` that is not
 * allowed passes with it only where the browser says that it is the service's own.
 */
export function isOwnPageRequest(headers: IncomingHttpHeaders, allowedOrigins: ReadonlySet<string>): boolean {
  const { origin, 'sec-fetch-site': site, 'x-requested-with': requestedWith } = headers;
  if (site === 'cross-site') return false;
  if (origin !== undefined && allowedOrigins.has(origin)) return true;
  if (requestedWith === undefined) return false;
  return origin === undefined || site === 'same-origin';
}
