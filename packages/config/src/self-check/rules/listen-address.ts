import { BlockList, isIP } from 'node:net';

/** Everything of the machine itself (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3). */
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Addresses that no router of the internet knows (RFC 1918, 3927, 6598, 4193; RFC 4291, section 2.5.6). */
const inside = new BlockList();
inside.addSubnet('0.0.0.0', 8, 'ipv4');
inside.addSubnet('10.0.0.0', 8, 'ipv4');
inside.addSubnet('100.64.0.0', 10, 'ipv4');
inside.addSubnet('127.0.0.0', 8, 'ipv4');
inside.addSubnet('169.254.0.0', 16, 'ipv4');
inside.addSubnet('172.16.0.0', 12, 'ipv4');
inside.addSubnet('192.168.0.0', 16, 'ipv4');
inside.addSubnet('::', 127, 'ipv6');
inside.addSubnet('fc00::', 7, 'ipv6');
inside.addSubnet('fe80::', 10, 'ipv6');

/** Whether only the machine itself reaches a listener on this host. A name counts as one that others reach. */
export function isLoopback(host: string): boolean {
  return isLocalhost(host) || isIn(loopback, host);
}

/** Whether a listener on this host has every address of the machine: 0.0.0.0, ::, however written. */
export function isEveryAddress(host: string): boolean {
  return isIP(host) !== 0 && /^[0:.]+$/.test(host.replace(/^::ffff:/i, ''));
}

/** Whether the internet can reach this address; a name may stand for any, and counts as none. */
export function isPublicAddress(host: string): boolean {
  return isIP(host) !== 0 && !isEveryAddress(host) && !isIn(inside, host);
}

function isLocalhost(host: string): boolean {
  return /^(?:.+\.)?localhost$/i.test(host);
}

function isIn(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
