import { DEFAULT_CIPHERS } from 'node:tls';

import { describe, expect, it } from 'vitest';

import { hasBrokenCiphers } from '../../../src/self-check/process/node-facts.ts';
import { readNodeOptions } from '../../../src/self-check/process/node-options.ts';

describe('readNodeOptions', () => {
  it.each<readonly [string, string, readonly string[], readonly string[]]>([
    ['of the command line', '', ['--inspect=0.0.0.0:9229'], ['--inspect']],
    ['of the environment', '--inspect', [], ['--inspect']],
    ['with underscores', '--insecure_http_parser', [], ['--insecure-http-parser']],
    ['in quotes', '"--tls-keylog=a b" --trace-tls', [], ['--tls-keylog', '--trace-tls']],
    ['with quotes inside', '--ins"pect"', [], ['--inspect']],
    ['with escaped characters', String.raw`"--require=a\"b" -r c`, [], ['--require']],
    [
      'taken back by a later one',
      '--insecure-http-parser',
      ['--no-insecure-http-parser'],
      ['--no-insecure-http-parser'],
    ],
    ['given again', '--no-insecure-http-parser', ['--insecure-http-parser'], ['--insecure-http-parser']],
    ['none', '   ', [], []],
  ])('SR-53: reads options %s', (_name, nodeOptions, execArgv, expected) => {
    expect(readNodeOptions(nodeOptions, execArgv).inEffect).toStrictEqual(expected);
  });

  it('SR-20: tells those of the environment apart', () => {
    const { fromEnvironment } = readNodeOptions('--import=a', ['--require', 'b']);
    expect(fromEnvironment).toStrictEqual(['--import']);
  });
});

describe('hasBrokenCiphers', () => {
  it.each(['eNULL', 'HIGH:aNULL', 'HIGH:RC4', 'DES-CBC3-SHA', 'ECDHE-RSA-RC4-SHA', 'DEFAULT:@SECLEVEL=0', 'HIGH, LOW'])(
    'SR-27: finds %s',
    (list) => {
      expect(hasBrokenCiphers(list)).toBe(true);
    },
  );

  it.each([DEFAULT_CIPHERS, 'HIGH:!aNULL:-RC4', 'ECDHE-ECDSA-AES128-GCM-SHA256', 'DEFAULT:@SECLEVEL=2'])(
    'takes %s',
    (list) => {
      expect(hasBrokenCiphers(list)).toBe(false);
    },
  );
});
