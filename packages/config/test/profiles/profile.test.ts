import { describe, expect, it } from 'vitest';
import {
  type ComparedProfile,
  compareProfile,
  isAsProfileWants,
  parseProfile,
  renderProfile,
} from '../../src/index.ts';
import { exampleSettings, faultsOf, productionEnvironment } from '../example-settings.ts';

const text = `# A scenario, in
# two lines.

# Weaker rules are for a developer.
NODE_ENV=production
# Browsers ask for it.
PUBLIC_ORIGIN=https://<name>

# Whoever has it signs.
# Moves: The key goes to
# Vault.
SIGNING_KEY="vault://<mount>/<path>#<field>"
# Bounded.
RATE_LIMIT_MAX=<requests, 100 to 200>
# At the edge.
EDGE_RATE=<requests, 1 to 50>r/s
`;
const profile = parseProfile('scenario', text);
const good = { PUBLIC_ORIGIN: 'https://c4n4ry.internal', SIGNING_KEY: 'vault://secret/service#c4n4ry' };

function compare(changes: Readonly<Record<string, string>> = {}): ComparedProfile {
  return compareProfile(profile, exampleSettings, { ...good, ...changes });
}

function statusOf(name: string, changes: Readonly<Record<string, string>>): string | undefined {
  return compare(changes).verdicts.find((verdict) => verdict.name === name)?.status;
}

describe('a profile', () => {
  it('is the settings of a file, each with the comment above it as its reason', () => {
    expect(profile.summary).toBe('A scenario, in two lines.');
    expect(profile.expectations.map(({ name }) => name)).toEqual([
      'NODE_ENV',
      'PUBLIC_ORIGIN',
      'SIGNING_KEY',
      'RATE_LIMIT_MAX',
      'EDGE_RATE',
    ]);
    expect(profile.expectations[2]).toEqual({
      name: 'SIGNING_KEY',
      template: 'vault://<mount>/<path>#<field>',
      why: 'Whoever has it signs.',
      moves: 'The key goes to Vault.',
    });
  });

  it.each([
    ['a setting without a reason', '# Head.\n\nNODE_ENV=production\n', 'has no reason'],
    ['a setting with nothing but where it moves', '# Head.\n\n# Moves: away.\nNODE_ENV=production\n', 'has no reason'],
    ['a line that is no setting', '# Head.\n\n# Why.\nexport A=b\n', 'neither'],
    ['a setting twice', '# Head.\n\n# Why.\nA=b\n# Why.\nA=c\n', 'twice'],
    ['a setting in the head', '# Head.\nA=b\n\n# Why.\nC=d\n', 'first paragraph'],
  ])('is refused with %s', (_what, bad, message) => {
    expect(() => parseProfile('bad', bad)).toThrow(message);
  });

  it('SR-53: finds settings that are as it wants them, by their defaults, too', () => {
    expect(compare().verdicts.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok', 'elsewhere']);
    expect(isAsProfileWants(compare())).toBe(true);
    expect(statusOf('EDGE_RATE', { EDGE_RATE: '50r/s' })).toBe('ok');
  });

  it('leaves out what a service has no setting for', () => {
    const other = parseProfile('other', '# Head.\n\n# Why.\nLOCAL_PASSWORDS=off\n# Why.\nNODE_ENV=production\n');
    const { verdicts } = compareProfile(other, exampleSettings, good);
    expect(verdicts.map(({ name }) => name)).toEqual(['NODE_ENV']);
  });

  it.each([
    ['NODE_ENV', 'development', 'differs'],
    ['PUBLIC_ORIGIN', '', 'missing'],
    ['PUBLIC_ORIGIN', 'https://<name>', 'placeholder'],
    ['SIGNING_KEY', 'file:///run/secrets/c4n4ry', 'differs'],
    ['RATE_LIMIT_MAX', '201', 'differs'],
    ['EDGE_RATE', '51r/s', 'differs'],
  ])('SR-53: says of %s=%s that it is not: %s', (name, value, status) => {
    expect(statusOf(name, { [name]: value })).toBe(status);
    expect(isAsProfileWants(compare({ [name]: value }))).toBe(false);
  });

  it('SR-53: says of a setting that nobody set and that has no default that it is missing', () => {
    const { verdicts } = compareProfile(profile, exampleSettings, { SIGNING_KEY: good.SIGNING_KEY });
    expect(verdicts.find(({ name }) => name === 'PUBLIC_ORIGIN')?.status).toBe('missing');
  });

  it('SR-53: is told with reasons, with where controls move, and without a value', () => {
    const told = renderProfile(compare({ RATE_LIMIT_MAX: '201' }));
    for (const part of ['ok  SIGNING_KEY', 'differs  RATE_LIMIT_MAX', '<requests, 100 to 200>', 'Bounded.'])
      expect(told).toContain(part);
    expect(told).toContain('The key goes to Vault.');
    expect(told).toContain('elsewhere  EDGE_RATE');
    expect(told).toContain('3 ok, 1 differs, 0 missing, 0 placeholder, 1 elsewhere.');
    expect(told).not.toContain('c4n4ry');
    expect(told).not.toContain('201');
  });
});

it('SR-53: what is left of a profile stops a start, even where any text would do', () => {
  const faults = faultsOf({ ...productionEnvironment, EXAMPLE_GREETING: '<what to say>' });
  expect(faults).toMatchObject([{ id: 'RD-130', setting: 'EXAMPLE_GREETING' }]);
});
