import { isIP } from 'node:net';

import { isReachable, type Reach } from './reachable-address.ts';

/**
 * Reads the address of a document of an issuer; `undefined` for one that is never asked: not https (plain http goes to
 * loopback only), with a name and password, with a fragment, or at an IP address out of reach. Where a host name leads
 * is checked when it is resolved (SR-29).
 */
export function parseDocumentAddress(text: string, reach: Reach): URL | undefined {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || text.includes('#')) return undefined;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && reach === 'loopback')) return undefined;
  // The parser has turned every other spelling of an IPv4 address, such as 0x7f.1, into the usual one.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 || isReachable(host, reach) ? url : undefined;
}
