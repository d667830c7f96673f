import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { type Reader, malformed, wellFormed } from '../reading.ts';

/** A range of addresses: a network address and the number of bits that its members share. */
export interface AddressRange {
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  readonly prefixBits: number;
}

const addressBits = { ipv4: 32, ipv6: 128 } as const;

/** 10.0.0.0/8 is the largest private IPv4 network (RFC 1918). */
const MIN_IPV4_PREFIX_BITS = 8;

/** Registries give an internet provider a /32; no network that one team runs is larger. */
const MIN_IPV6_PREFIX_BITS = 32;

/** ::/8 holds every IPv4 address in mapped form (RFC 4291, section 2.5.5), which proxies compare with IPv4 peers. */
const reservedIpv6 = new BlockList();
reservedIpv6.addSubnet('::', 8, 'ipv6');

/** What other servers take for "believe whoever connects": everybody, a number of hops, a wildcard (SR-23). */
const BELIEVES_ANYBODY = /^(?:true|\d+|\*)$/;

const PROXIES_ADVICE = 'List the addresses of the proxies: whoever counts hops, or trusts all, believes the client.';

/** An address, or a range in CIDR notation (RFC 4632, RFC 4291 section 2.3). */
export const cidrFormat: Reader = {
  expected: 'an address or a CIDR range, such as 10.0.0.0/8 or fd00::1',
  read(text) {
    if (BELIEVES_ANYBODY.test(text)) return malformed(PROXIES_ADVICE, 'RD-009');
    return parseAddressRange(text) === undefined ? malformed() : wellFormed(text);
  },
};

/** The range that a text names, or undefined: `true`, hop counts, zones and `/033` name none. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [, address = '', bits] = /^([0-9a-fA-F:.]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const family = familyOf(address);
  if (family === undefined) return undefined;
  const prefixBits = bits === undefined ? addressBits[family] : Number(bits);
  return prefixBits > addressBits[family] ? undefined : { family, address, prefixBits };
}

/** Whether a range is wider than any network that one team runs, so that strangers are in it. */
export function isTooBroad({ family, address, prefixBits }: AddressRange): boolean {
  if (family === 'ipv4') return prefixBits < MIN_IPV4_PREFIX_BITS;
  return prefixBits < MIN_IPV6_PREFIX_BITS || (prefixBits < addressBits.ipv6 && reservedIpv6.check(address, 'ipv6'));
}

function familyOf(address: string): AddressRange['family'] | undefined {
  if (isIPv4(address)) return 'ipv4';
  return isIPv6(address) ? 'ipv6' : undefined;
}
