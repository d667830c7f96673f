import { describe, expect, it } from 'vitest';
import { cidrFormat } from '../../src/formats/cidr.ts';
import { hostFormat } from '../../src/formats/host.ts';
import { originFormat } from '../../src/formats/origin.ts';
import { urlFormat } from '../../src/formats/url.ts';
import type { Reader } from '../../src/reading.ts';

interface FormatCases {
  readonly format: Reader;
  readonly takes: readonly string[];
  readonly refuses: readonly string[];
}

const formats: Readonly<Record<string, FormatCases>> = {
  origin: {
    format: originFormat,
    takes: ['https://a.example', 'http://localhost:3000', 'https://[::1]:8443', 'https://xn--bcher-kva.example'],
    refuses: [
      'https://a.example/',
      'https://a.example/path',
      'https://a.example?',
      'https://a.example#',
      'https://user@a.example',
      'https://A.example',
      'HTTPS://a.example',
      'https://a.example:443',
      'http://a.example:80',
      'https://bücher.example',
      'https://127.1',
      'https://*.a.example',
      'https:a.example',
      '//a.example',
      'a.example',
      'ws://a.example',
      'file:///etc',
      'null',
      '*',
      ' https://a.example',
      'https://a.example\n',
    ],
  },
  url: {
    format: urlFormat(['postgres:', 'https:']),
    takes: ['https://a.example/v1?x=1', 'postgres://app@db.internal:5432/app?sslmode=verify-full', 'https://127.0.0.1'],
    refuses: [
      'http://a.example/',
      'postgres:///app',
      'postgres:app',
      'https://',
      '/v1',
      'javascript:alert(1)',
      'postgres://app:pass@db/app',
      'postgres://app@db/app?password=pass',
      'https://a.example/a b',
      '\thttps://a.example/',
    ],
  },
  host: {
    format: hostFormat,
    takes: [
      '127.0.0.1',
      '0.0.0.0',
      '::',
      '::1',
      'localhost',
      'api.internal',
      'a-1.b2.example',
      `${'a'.repeat(63)}.example`,
    ],
    refuses: [
      '-a.example',
      'a-.example',
      'a..example',
      '.example',
      'a.example.',
      'a_b',
      'a b',
      'a:80',
      'http://a',
      '256.1.1.1',
      '127.1',
      '010.0.0.1',
      'fe80::1%eth0',
      '[::1]',
      'bücher',
      `${'a'.repeat(64)}.example`,
      'a.'.repeat(127).concat('ab'),
    ],
  },
  cidr: {
    format: cidrFormat,
    takes: ['10.0.0.0/8', '10.0.0.1', '0.0.0.0/0', 'fd00::/8', '::1', '::1/128', '::ffff:10.0.0.1'],
    refuses: [
      'true',
      '1',
      '10.0.0.0/33',
      '10.0.0.0/08',
      '10.0.0.0/',
      '10.0.0.0/-1',
      '10.0.0/8',
      '010.0.0.0/8',
      '10.0.0.0/255.0.0.0',
      '::/129',
      'fe80::1%eth0/64',
      'loopback',
      'uniquelocal',
      '*',
      '10.0.0.0 /8',
    ],
  },
};

describe.each(Object.entries(formats))('the format %s', (_name, { format, takes, refuses }) => {
  it.each(takes)('takes %s as it is', (text) => {
    expect(format.read(text)).toEqual({ value: text });
  });

  it.each(refuses)('refuses %j', (text) => {
    expect(format.read(text)).not.toHaveProperty('value');
  });
});
