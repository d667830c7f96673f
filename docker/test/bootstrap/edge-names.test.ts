import { describe, expect, it } from 'vitest';

import { BootstrapError } from '../../src/bootstrap/bootstrap-error.ts';
import { parseEdgeNames } from '../../src/bootstrap/subject-name.ts';

const loopback = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
];

// oxfmt-ignore
const notNames = [
  '*.test', 'a b', '-a.test', 'a-.test', 'a..test', 'a.', '.a', 'a_b.test', 'ü.test', 'a\nb', 'https://a.test',
  'a.test:443', '127.0.0.1:8443', '[::1]', 'fe80::1%eth0', '1.2.3.4.5', '256.0.0.1',
];

describe('the names of the edge', () => {
  it.each(['', ' ', ',', 'localhost', '::1, 127.0.0.1 ,LOCALHOST'])('%j: are those of the loopback', (text) => {
    expect(parseEdgeNames(text)).toEqual(loopback);
  });

  it('come after those of the loopback', () => {
    const given = [
      { type: 'dns', value: 'service.test' },
      { type: 'ip', value: '192.0.2.1' },
    ];
    expect(parseEdgeNames('Service.test,192.0.2.1')).toEqual([...loopback, ...given]);
  });

  it.each([
    ...notNames,
    `${'a'.repeat(64)}.test`,
    `${'a.'.repeat(130)}test`,
    Array.from({ length: 18 }, (_, at) => `a${at}.test`).join(','),
  ])('%j: stop the run', (text) => {
    expect(() => parseEdgeNames(text)).toThrow(BootstrapError);
  });
});
