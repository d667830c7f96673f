import { describe, expect, it } from 'vitest';

import { parseOutboundUrl } from '../src/index.ts';

describe('the URL of a call', () => {
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
  it.each(disguises)('SR-29: is refused for https://%s/path', (host) => {
    expect(parseOutboundUrl(`https://${host}/path`, 'public')).toBeUndefined();
  });

  it.each([
    'http://api.example/path',
    'http://127.0.0.1/path',
    'ftp://api.example/path',
    'file:///etc/passwd',
    'data:application/json,{}',
    'https://user:password@api.example/path',
    'https://user@api.example/path',
    'https://api.example/path#',
    'https://api.example/path#fragment',
    'https://',
    '//api.example/path',
    '/path',
    '',
  ])('SR-29: is refused as %j', (text) => {
    expect(parseOutboundUrl(text, 'public')).toBeUndefined();
  });

  it('SR-29: is plain http on this machine only', () => {
    expect(parseOutboundUrl('http://127.0.0.1:8080/path', 'loopback')?.port).toBe('8080');
    expect(parseOutboundUrl('http://api.example/path', 'private')).toBeUndefined();
    expect(parseOutboundUrl('https://8.8.8.8/path', 'loopback')).toBeUndefined();
    expect(parseOutboundUrl('https://api.example/path?policy=a', 'public')?.search).toBe('?policy=a');
  });
});
