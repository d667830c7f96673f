import { BlockList, isIP, isIPv6 } from 'node:net';

/**
 * How far a call may go: to `public` addresses; to `private` ones as well, for what is in the own network; or to
 * `loopback` only, for development, tests and what runs beside the service, and then over plain http, too.
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

/** Global unicast (RFC 4291), which leaves out NAT64, local and multicast ones. */
const globalIpv6 = createList(['2000::/3']);
/** What of global unicast carries IPv4 inside, or is for protocols and documents. */
const specialIpv6 = createList(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

/** IPv4 written as IPv6 (RFC 4291, section 2.5.5): a resolver gives it to slip past a list of IPv4 addresses. */
const ipv4InIpv6 = createList(['::/96', '::ffff:0:0/96']);
/** The one address of `::/96` that is not an IPv4 address in disguise. */
const LOOPBACK_IPV6 = createList(['::1/128']);

/**
 * Where clouds answer with the credentials of the machine outside of link-local: in private ranges (AWS and Google over
 * IPv6, Alibaba) and in a public one (Azure). No reach leads there.
 */
const metadata = createList(['fd00:ec2::/32', 'fd20:ce::254/128', '100.100.100.200/32', '168.63.129.16/32']);

/** Answers whether a call may go to an address, as a resolver gives one (SR-29). What is no address is not reachable. */
export function isReachable(address: string, reach: Reach): boolean {
  // With a zone (RFC 4007) it is local to a link, whatever the digits say.
  if (isIP(address) === 0 || address.includes('%')) return false;
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (metadata.check(address, family) || (family === 'ipv6' && carriesIpv4(address))) return false;
  if (reach === 'loopback') return loopback.check(address, family);
  if (reach === 'private' && internal.check(address, family)) return true;
  if (family === 'ipv4') return !specialIpv4.check(address, family);
  return globalIpv6.check(address, family) && !specialIpv6.check(address, family);
}

function carriesIpv4(address: string): boolean {
  return ipv4InIpv6.check(address, 'ipv6') && !LOOPBACK_IPV6.check(address, 'ipv6');
}

function createList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits] = range.split('/');
    list.addSubnet(network, Number(bits), isIPv6(network) ? 'ipv6' : 'ipv4');
  }
  return list;
}
