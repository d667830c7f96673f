import { isIP } from 'node:net';

import { isReachable, type Reach } from './reachable-address.ts';

/** RFC 9110, sections 4.2.1 and 4.2.2. */
const HTTP_PORT = 80;
const HTTPS_PORT = 443;

/** Labels of letters, digits, hyphens and underscores, and no dot at the end: what a certificate can name. */
const HOST_NAME = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/**
 * Reads a URL that may be called within a reach; `undefined` for one that never is: not https (plain http goes to
 * loopback only), with a name and password, with a fragment, for no usable host, or at an IP address out of reach. Where
 * a host name leads is checked when it is resolved (SR-29).
 */
export function parseOutboundUrl(given: string | URL, reach: Reach): URL | undefined {
  const text = String(given);
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || text.includes('#')) return undefined;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && reach === 'loopback')) return undefined;
  return isHostWithin(url.hostname, reach) ? url : undefined;
}

/**
 * Answers whether a host, as the URL parser writes it, may be called. The parser has turned every other spelling of an
 * IPv4 address, such as 0x7f.1, into the usual one.
 */
export function isHostWithin(hostname: string, reach: Reach): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 ? HOST_NAME.test(hostname) : isReachable(address, reach);
}

/** The port that a URL of http or https asks for. */
export function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'http:' ? HTTP_PORT : HTTPS_PORT;
}
