import { Buffer } from 'node:buffer';
import { BlockList, isIPv4, SocketAddress } from 'node:net';
import { networkInterfaces } from 'node:os';

import { isReachable } from '@redoubt/outbound';

/** Of RFC 1918 and RFC 4193, and therefore no address that anybody else on the way could have. */
const inside = new BlockList();
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  inside.addSubnet(network, prefix, 'ipv4');
inside.addSubnet('fc00::', 7, 'ipv6');

/** An address of this machine in a private network, which production may call; `undefined` where it has none. */
export function findPrivateAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses
    .map(({ address, family }) => new SocketAddress({ address, family: family === 'IPv4' ? 'ipv4' : 'ipv6' }))
    .find((each) => inside.check(each) && isReachable(each.address, 'private'))?.address;
}

/** The bytes of an address, as a certificate names it (RFC 5280, section 4.2.1.6). */
export function bytesOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const [first, last] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: GROUPS - first.length - last.length }, () => 0);
  return Buffer.from([...first, ...zeros, ...last].flatMap((group) => [group >> 8, group & 0xff]));
}

const GROUPS = 8;

function groupsOf(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}
