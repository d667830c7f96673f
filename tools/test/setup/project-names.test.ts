import { describe, expect, it } from 'vitest';

import { parseDomain, parseName, parseOwner, parseScope } from '../../src/setup/project-names.ts';
import { SetupError } from '../../src/setup/setup-error.ts';

const parsers = {
  name: [
    parseName,
    ['Blue Heron', 'heron', 'A1b', 'Blue-Heron 2', 'x'.repeat(24)],
    [
      '',
      'ab',
      '2heron',
      'Blue  Heron',
      ' heron',
      'heron-',
      'Héron',
      'a_b',
      'x'.repeat(25),
      'postgres',
      'ALL',
      'a/b',
      'heron\n',
    ],
  ],
  scope: [
    parseScope,
    ['@heron', '@blue-heron', '@h2'],
    ['', 'heron', '@', '@Heron', '@-heron', '@a/b', '@a b', `@${'a'.repeat(150)}`],
  ],
  domain: [
    parseDomain,
    ['heron.example', 'a.b.heron.org', 'xn--bcher-kva.example'],
    [
      '',
      'heron',
      'Heron.example',
      '-a.example',
      'a..b',
      '127.0.0.1',
      'a.1',
      'https://a.example',
      'a.example.',
      'a_b.example',
      '::1',
      `${'a.'.repeat(110)}org`,
    ],
  ],
  owner: [
    parseOwner,
    ['@heron/platform', '@ada', '@a-b/c_d'],
    ['', 'heron/platform', '@', '@heron/', '@-a', '@a--b', '@a/B c', '@a/b/c', `@${'a'.repeat(40)}`],
  ],
} as const;

describe.each(Object.entries(parsers))('a %s', (_name, [parse, good, bad]) => {
  it.each(good)('may be %j', (text) => {
    expect(parse(text)).toBe(text);
  });

  it.each(bad)('may not be %j', (text) => {
    expect(() => parse(text)).toThrow(SetupError);
  });
});
