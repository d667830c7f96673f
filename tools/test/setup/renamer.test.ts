import { describe, expect, it } from 'vitest';

import type { ProjectNames } from '../../src/setup/project-names.ts';
import { createOwnerRenamer, createRenamer, hasName } from '../../src/setup/renamer.ts';

const palisade: ProjectNames = {
  name: 'Palisade',
  scope: '@palisade',
  domain: 'palisade.example',
  owner: '@palisade/platform',
  securityOwner: '@palisade/security',
};
const heron: ProjectNames = {
  name: 'Blue Heron',
  scope: '@heron',
  domain: 'heron.test',
  owner: '@birds/all',
  securityOwner: '@birds/security',
};

const rename = (text: string, from = palisade, to = heron): string => createRenamer(from, to)(text).text;

describe('a name', () => {
  const spellings: readonly (readonly [before: string, after: string])[] = [
    ['Palisade is', 'Blue Heron is'],
    ['class PalisadeStore', 'class BlueHeronStore'],
    ['const thePalisade = 1', 'const theBlueHeron = 1'],
    ['palisadeOptions', 'blueHeronOptions'],
    ['palisade-api:local', 'blue-heron-api:local'],
    ['Palisade-API-Palisade', 'Blue-Heron-API-Blue-Heron'],
    ['palisade_token_reuse', 'blue_heron_token_reuse'],
    ['PALISADE_PORT', 'BLUE_HERON_PORT'],
    ['X-PALISADE-ID', 'X-BLUE-HERON-ID'],
    ['postgres://host/palisade', 'postgres://host/blue-heron'],
    ['mypalisade2', 'myblueheron2'],
    ['spiffe://palisade.internal/edge', 'spiffe://blue-heron.internal/edge'],
  ];
  it.each(spellings)('is replaced in %j as it is spelled there', (before, after) => {
    expect(rename(before)).toBe(after);
  });

  it.each(spellings)('of two words is found again in every spelling: %j', (before, after) => {
    expect(rename(after, heron, palisade)).toBe(before);
  });

  it('is replaced once, even when the new one has the old one in it', () => {
    expect(rename('palisade', palisade, { ...heron, name: 'Palisade Two' })).toBe('palisade-two');
  });

  it('is counted', () => {
    expect(createRenamer(palisade, heron)('palisade, @palisade/api and palisade.example').count).toBe(3);
    expect(createRenamer(palisade, heron)('nothing').count).toBe(0);
  });
});

describe('a scope and a domain', () => {
  it.each([
    ["from '@palisade/api';", "from '@heron/api';"],
    ['--filter=@palisade/api...', '--filter=@heron/api...'],
    ['"group": ["@palisade/*"]', '"group": ["@heron/*"]'],
    ['https://app.palisade.example/x', 'https://app.heron.test/x'],
    ['admin@palisade.example', 'admin@heron.test'],
    [String.raw`/palisade\.example/`, String.raw`/heron\.test/`],
    ['a-palisade.example', 'a-blue-heron.example'],
  ])('are replaced in %j', (before, after) => {
    expect(rename(before)).toBe(after);
  });

  it('are looked for without taking an address for a scope', () => {
    expect(hasName('admin@heron.org', heron, 'scope')).toBe(false);
    expect(hasName("'@heron/api'", heron, 'scope')).toBe(true);
    expect(hasName('blueHeron', heron, 'name')).toBe(true);
    expect(hasName('heron', heron, 'name')).toBe(false);
  });
});

describe('owners', () => {
  it('are replaced as wholes, each by its own', () => {
    const text = '* @palisade/platform\n/a @palisade/security @palisade/platform-two\n';
    const renamed = createOwnerRenamer(palisade, heron)(text);
    expect(renamed).toEqual({ text: '* @birds/all\n/a @birds/security @palisade/platform-two\n', count: 2 });
  });

  it('are replaced when a user is the start of a team', () => {
    const from = { ...palisade, owner: '@ada', securityOwner: '@ada/security' };
    expect(createOwnerRenamer(from, heron)('* @ada\n/a @ada/security').text).toBe('* @birds/all\n/a @birds/security');
  });
});
