import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

import { OutboundError } from './outbound-error.ts';
import { isReachable, type Reach } from './reachable-address.ts';

/** Finds the addresses of a host, as `dns.lookup` does. */
export type ResolveHost = typeof lookup;

/**
 * Makes the look-up of a connection. Every address is checked and the checked ones are connected to: the resolver is
 * asked once, so that it cannot give another answer between the check and the connection (SR-29, DNS rebinding). One
 * address out of reach refuses the name.
 */
export function createCheckedLookup(reach: Reach, resolveHost: ResolveHost = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolveHost(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '');
        return;
      }
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isReachable(address, reach))) {
        callback(new OutboundError('address-not-allowed'), '');
        return;
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
