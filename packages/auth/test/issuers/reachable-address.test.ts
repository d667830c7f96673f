import { describe, expect, it } from 'vitest';

import { parseDocumentAddress } from '../../src/issuers/document-address.ts';
import { isReachable, type Reach } from '../../src/issuers/reachable-address.ts';

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
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
];
const everywhere = ['8.8.8.8', '100.128.0.1', '172.32.0.1', '193.0.0.1', '2606:4700::1111', '2a00:1450::1'];

function reachable(addresses: readonly string[], reach: Reach): string[] {
  return addresses.filter((address) => isReachable(address, reach));
}

describe('where a request for documents may go', () => {
  it('SR-29: is the public network', () => {
    expect(reachable([...loopback, ...internal, ...never], 'public')).toEqual([]);
    // Written as IPv6, they are the same addresses.
    expect(reachable(['::ffff:10.0.0.1', '::ffff:127.0.0.1'], 'public')).toEqual([]);
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

describe('the address of a document', () => {
  const disguises = [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '0177.0.0.1',
    '0177.1',
    '0x7f.1',
    '0x7f.0.0.1',
    '0x7F.0x0.0x0.0x1',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '127.0.0.1.',
    '127.000.000.001',
    '%31%32%37.0.0.1',
    '１２７.0.0.1',
    '127。0。0。1',
    '①②⑦.⓪.⓪.①',
    '0',
    '0.0.0.0',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::127.0.0.1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:7f00:0001]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
    '[::]',
    '169.254.169.254',
    '0xa9fea9fe',
    '2852039166',
    '[::ffff:a9fe:a9fe]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '10.0.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '172.16.0.1',
    '0xc0a80001',
    '[fe80::1%25eth0]',
  ];
  it.each(disguises)('SR-29: is refused for https://%s/keys', (host) => {
    expect(parseDocumentAddress(`https://${host}/keys`, 'public')).toBeUndefined();
  });

  it.each([
    'http://id.example/keys',
    'http://127.0.0.1/keys',
    'ftp://id.example/keys',
    'file:///etc/passwd',
    'data:application/json,{}',
    'https://user:password@id.example/keys',
    'https://user@id.example/keys',
    'https://id.example/keys#',
    'https://id.example/keys#fragment',
    'https://',
    '//id.example/keys',
    '/keys',
    '',
  ])('SR-15: is refused as %j', (text) => {
    expect(parseDocumentAddress(text, 'public')).toBeUndefined();
  });

  it('SR-15: is plain http on this machine only', () => {
    expect(parseDocumentAddress('http://127.0.0.1:8080/keys', 'loopback')?.port).toBe('8080');
    expect(parseDocumentAddress('http://id.example/keys', 'private')).toBeUndefined();
    expect(parseDocumentAddress('https://8.8.8.8/keys', 'loopback')).toBeUndefined();
    expect(parseDocumentAddress('https://id.example/keys?policy=a', 'public')?.search).toBe('?policy=a');
  });
});
