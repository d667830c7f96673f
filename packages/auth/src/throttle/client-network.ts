import { isIPv4, isIPv6 } from 'node:net';

/** An IPv6 address has eight groups of 16 bits, and a customer is given the last four of them at least (RFC 6177). */
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * The part of a client's address that limits count by: an IPv4 address whole, written as IPv6 or not, and the /64 of an
 * IPv6 address, because whoever has one address of it has all of them (SR-13, SR-22). A text that is no address is
 * counted as it is.
 */
export function clientNetwork(address: string): string {
  // Nothing of IPv6 is written without one: most are done here.
  if (!address.includes(':') && !address.includes('%')) return address;
  const plain = address.split('%', 1)[0] ?? '';
  if (!isIPv6(plain)) return plain;
  const embedded = plain.slice(plain.lastIndexOf(':') + 1);
  const groups = groupsOf(isIPv4(embedded) ? plain.replace(embedded, hexadecimalGroups(embedded)) : plain);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return dotted(groups.slice(6));
  return `${groups
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::', 2);
  const before = numbers(head);
  if (tail === undefined) return before;
  const after = numbers(tail);
  return [...before, ...Array.from({ length: GROUPS - before.length - after.length }, () => 0), ...after];
}

function numbers(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function hexadecimalGroups(ipv4: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

function dotted(groups: readonly number[]): string {
  return groups.flatMap((group) => [Math.floor(group / 256), group % 256]).join('.');
}
