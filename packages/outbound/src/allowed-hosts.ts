import { isIP } from 'node:net';

import { OutboundError } from './outbound-error.ts';
import { isReachable, type Reach, REACHES } from './reachable-address.ts';

/** RFC 9110, section 4.2.2. */
const HTTPS_PORT = 443;
const HTTP_PORT = 80;
const MAX_PORT = 65_535;

/** Labels of letters, digits and hyphens, without a dot at the end: what a certificate can name. No wildcard. */
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** A host that a client may call. */
export interface AllowedHost {
  /** A name or an address, exactly: no wildcard, no port, no dot at the end. */
  readonly host: string;
  /** Default: 443. */
  readonly port?: number;
  readonly reach: Reach;
  /**
   * Whether the correlation id and the trace context of the present request go with a call. Default: to hosts with
   * reach `private`; another party learns nothing of what happens inside.
   */
  readonly correlation?: 'passed-on' | 'withheld';
}

/** The allow-list of a client. */
export interface AllowedHosts {
  /**
   * The entry that a URL asks for.
   *
   * @throws {OutboundError} `invalid-url` or `host-not-allowed`.
   */
  find(url: string | URL): AllowedTarget;
}

/** A URL together with the entry of the list that allows it. */
export interface AllowedTarget {
  readonly url: URL;
  readonly allowed: AllowedHost;
}

/**
 * Reads an allow-list: exact names and ports, each named once.
 *
 * @throws {TypeError} for an entry that is no host, is named twice, or is an address out of its own reach.
 */
export function createAllowedHosts(hosts: readonly AllowedHost[]): AllowedHosts {
  const byAuthority = new Map<string, AllowedHost>();
  for (const entry of hosts) {
    const authority = `${parseHost(entry)}:${entry.port ?? HTTPS_PORT}`;
    if (byAuthority.has(authority)) throw new TypeError('a host with its port is allowed once');
    byAuthority.set(authority, entry);
  }
  return {
    find(given) {
      const url = parseTarget(given);
      const allowed = byAuthority.get(`${url.hostname}:${portOf(url)}`);
      if (allowed === undefined) throw new OutboundError('host-not-allowed');
      if (url.protocol === 'http:' && allowed.reach !== 'loopback') throw new OutboundError('invalid-url');
      return { url, allowed };
    },
  };
}

/** The host as the URL parser writes it: lower case, Punycode, an IPv4 address in its usual form, IPv6 in brackets. */
function parseHost({ host, port = HTTPS_PORT, reach }: AllowedHost): string {
  if (!REACHES.includes(reach)) throw new TypeError(`a host has one of these reaches: ${REACHES.join(', ')}`);
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) throw new TypeError('a port is a number from 1 to 65535');
  const name = isIP(host) === 6 ? `[${host}]` : host;
  const hostname = /[\s\0/?#@\\:]/.test(host) && isIP(host) === 0 ? undefined : URL.parse(`https://${name}/`)?.hostname;
  if (hostname === undefined) throw new TypeError('a host is a name or an address, and nothing else');
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) === 0 ? !HOST_NAME.test(hostname) : !isReachable(address, reach)) {
    throw new TypeError('a host is a name without wildcards, or an address within its reach');
  }
  return hostname;
}

function parseTarget(given: string | URL): URL {
  const url = URL.parse(String(given));
  if (url === null || url.username !== '' || url.password !== '') throw new OutboundError('invalid-url');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new OutboundError('invalid-url');
  return url;
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? HTTPS_PORT : HTTP_PORT;
}
