import { BlockList, isIPv6 } from 'node:net';

/**
 * How far a request for an issuer's documents may go: to `public` addresses; to `private` ones as well, for a provider
 * in the own network; or to `loopback` only, for development and tests, and then over plain http, too.
 */
export const REACHES = ['public', 'private', 'loopback'] as const;
/** One of {@link REACHES}. */
export type Reach = (typeof REACHES)[number];

const loopback = createList(['127.0.0.0/8', '::1/128']);

/** RFC 1918, RFC 6598 (carrier-grade NAT) and RFC 4193. Link-local is not among them: cloud metadata answers there. */
const internal = createList(['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']);

/** What of IPv4 is not public: the registry of RFC 6890, and multicast. */
const specialIpv4 = createList([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]);

/** Global unicast (RFC 4291), which leaves out `::ffff:0:0/96`, NAT64, local and multicast ones. */
const globalIpv6 = createList(['2000::/3']);
/** What of global unicast carries IPv4 inside, or is for protocols and documents. */
const specialIpv6 = createList(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

/** Answers whether a request may go to an address (SR-29). The address is one that a resolver gave, without a zone. */
export function isReachable(address: string, reach: Reach): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (reach === 'loopback') return loopback.check(address, family);
  if (reach === 'private' && internal.check(address, family)) return true;
  if (family === 'ipv4') return !specialIpv4.check(address, family);
  return globalIpv6.check(address, family) && !specialIpv6.check(address, family);
}

function createList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits] = range.split('/');
    list.addSubnet(network, Number(bits), isIPv6(network) ? 'ipv6' : 'ipv4');
  }
  return list;
}
