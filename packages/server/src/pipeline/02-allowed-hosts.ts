import { isIP } from 'node:net';

import { hostNameOf } from './02-host-name.ts';

/**
 * The names under which a listener answers, in lower case and without a port; or, for one that only the inside of the
 * network reaches, names beside every address: probes come by the address of a replica, which nobody knows before. What
 * DNS says of a name is its owner's to choose, so that a page of theirs can ask this listener under it (DNS rebinding);
 * an address is what it is.
 */
export type AllowedHosts =
  | readonly string[]
  | {
      readonly names: readonly string[];
      readonly addresses: 'any';
    };

/**
 * Makes the question whether a listener answers under a host, in lower case and without its port (SR-23).
 *
 * @throws {TypeError} for a list without a host, or with one that no `Host` header can match.
 */
export function createHostCheck(allowed: AllowedHosts): (host: string) => boolean {
  if ('addresses' in allowed) {
    const names = toNames(allowed.names);
    return (host) => names.has(host) || isAddress(host);
  }
  const names = toNames(allowed);
  if (names.size === 0) throw new TypeError('allowedHosts lists one host at least');
  return (host) => names.has(host);
}

function toNames(hosts: readonly string[]): ReadonlySet<string> {
  if (!hosts.every((name) => hostNameOf(name) === name))
    throw new TypeError('allowedHosts lists names or addresses in lower case, without a port');
  return new Set(hosts);
}

/** In the form of an address alone: `0x7f.1` is one to some resolvers, and a name to others. */
function isAddress(host: string): boolean {
  return isIP(host.startsWith('[') ? host.slice(1, -1) : host) !== 0;
}
