import { isIPv6 } from 'node:net';

import { OutboundError } from './outbound-error.ts';
import { isHostWithin, parseOutboundUrl, portOf } from './outbound-url.ts';
import { type Reach, REACHES } from './reachable-address.ts';

const HTTPS_PORT = 443;
const MAX_PORT = 65_535;

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

/** A URL together with the entry of the list that allows it. */
export interface AllowedTarget {
  readonly url: URL;
  readonly allowed: AllowedHost;
}

/** The allow-list of a client. */
export interface AllowedHosts {
  /**
   * The entry that a URL asks for.
   *
   * @throws {OutboundError} `invalid-url` or `host-not-allowed`.
   */
  find(given: string | URL): AllowedTarget;
}

/**
 * Reads an allow-list: exact hosts and ports, each named once.
 *
 * @throws {TypeError} for an entry that is no host, is named twice, or is an address out of its own reach.
 */
export function createAllowedHosts(hosts: readonly AllowedHost[]): AllowedHosts {
  const byAuthority = new Map<string, AllowedHost>();
  for (const entry of hosts) {
    const authority = `${parseHost(entry)}:${parsePort(entry)}`;
    if (byAuthority.has(authority)) throw new TypeError('a host with its port is allowed once');
    byAuthority.set(authority, entry);
  }
  return {
    find(given) {
      const asked = URL.parse(String(given));
      if (asked === null || !/^https?:$/.test(asked.protocol)) throw new OutboundError('invalid-url');
      const allowed = byAuthority.get(`${asked.hostname}:${portOf(asked)}`);
      if (allowed === undefined) throw new OutboundError('host-not-allowed');
      const url = parseOutboundUrl(given, allowed.reach);
      if (url === undefined) throw new OutboundError('invalid-url', { host: allowed.host });
      return { url, allowed };
    },
  };
}

/** The host as the URL parser writes it: lower case, Punycode, an IPv4 address in its usual form, IPv6 in brackets. */
function parseHost({ host, reach }: AllowedHost): string {
  if (!REACHES.includes(reach)) throw new TypeError(`a host has one of these reaches: ${REACHES.join(', ')}`);
  const address = host.replace(/^\[(.*)\]$/, '$1');
  // Nothing that the parser would read as another part of the URL, or leave out.
  const isPlain = isIPv6(address) || !/[\s\0/?#@\\:[\]]/.test(host);
  const hostname = isPlain ? URL.parse(`https://${isIPv6(address) ? `[${address}]` : host}/`)?.hostname : undefined;
  if (hostname === undefined || !isHostWithin(hostname, reach)) {
    throw new TypeError('a host is a name without wildcards, or an address within its reach, and nothing else');
  }
  return hostname;
}

function parsePort({ port = HTTPS_PORT }: AllowedHost): number {
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT)
    throw new RangeError('a port is a number from 1 to 65535');
  return port;
}
