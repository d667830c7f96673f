import { describe, expect, it } from 'vitest';

import { isReachable, type Reach } from '../src/index.ts';

const loopback = ['127.0.0.1', '127.255.255.254', '::1'];
const internal = [
  '10.0.0.1',
  '100.64.0.1',
  '100.127.255.254',
  '172.16.0.1',
  '172.31.255.254',
  '192.168.1.1',
  'fd00::1',
];
const never = [
  '0.0.0.0',
  '169.254.169.254',
  '192.0.0.8',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::ffff:8.8.8.8',
  '::8.8.8.8',
  '::ffff:10.0.0.1',
  '::ffff:127.0.0.1',
  '::127.0.0.1',
  '::2',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  // Cloud metadata outside of link-local, in ranges that would be private or public.
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  '100.100.100.200',
  '168.63.129.16',
  // With a zone, and what is no address at all.
  'fe80::1%eth0',
  '::1%lo',
  '2606:4700::1111%eth0',
  '127.1',
  '0177.0.0.1',
  'localhost',
  '',
];
const everywhere = ['8.8.8.8', '100.128.0.1', '172.32.0.1', '193.0.0.1', '2606:4700::1111', '2a00:1450::1'];

function reachable(addresses: readonly string[], reach: Reach): string[] {
  return addresses.filter((address) => isReachable(address, reach));
}

describe('where a call may go', () => {
  it('SR-29: is the public network', () => {
    expect(reachable([...loopback, ...internal, ...never], 'public')).toEqual([]);
    expect(reachable(everywhere, 'public')).toEqual(everywhere);
  });

  it('SR-29: is the own network as well where the settings say so, and never what is local to a machine or a link', () => {
    expect(reachable([...loopback, ...never], 'private')).toEqual([]);
    expect(reachable([...internal, ...everywhere], 'private')).toEqual([...internal, ...everywhere]);
  });

  it('SR-29: is this machine and nothing else in development', () => {
    expect(reachable([...internal, ...never, ...everywhere], 'loopback')).toEqual([]);
    expect(reachable(loopback, 'loopback')).toEqual(loopback);
  });
});
