import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Environment, FindingId, SettingProblem } from '../src/index.ts';
import { productionEnvironment, settingsErrorOf } from './example-settings.ts';

/** Stands in every bad value that has room for it, and must never come out. */
const canary = `c${randomBytes(12).toString('hex')}`;

type BadConfiguration = readonly [
  what: string,
  environment: Environment,
  setting: string,
  problem: SettingProblem,
  /** Where the fault has a number of its own. */
  id?: FindingId,
];

/** The number of each fault that any setting can have. */
const usualIds: Readonly<Partial<Record<SettingProblem, FindingId>>> = {
  missing: 'RD-001',
  empty: 'RD-002',
  malformed: 'RD-003',
  unknown: 'RD-004',
  misspelt: 'RD-005',
};

const badConfigurations: readonly BadConfiguration[] = [
  // Required settings
  ['a required origin set to nothing', { PUBLIC_ORIGIN: '' }, 'PUBLIC_ORIGIN', 'empty'],
  ['a required secret set to nothing', { SIGNING_KEY: '' }, 'SIGNING_KEY', 'empty'],
  ['a setting with a default set to nothing', { PORT: '' }, 'PORT', 'empty'],
  ['an optional setting set to nothing', { UPSTREAM_URL: '' }, 'UPSTREAM_URL', 'empty'],
  // NODE_ENV
  ['an environment set to nothing', { NODE_ENV: '' }, 'NODE_ENV', 'empty'],
  ['an environment in short', { NODE_ENV: 'prod' }, 'NODE_ENV', 'malformed'],
  ['an environment in capitals', { NODE_ENV: 'Development' }, 'NODE_ENV', 'malformed'],
  ['a third environment', { NODE_ENV: canary }, 'NODE_ENV', 'malformed'],
  // Integers
  ['a port in words', { PORT: canary }, 'PORT', 'malformed'],
  ['a hexadecimal port', { PORT: '0x10' }, 'PORT', 'malformed'],
  ['a port with an exponent', { PORT: '1e3' }, 'PORT', 'malformed'],
  ['a port after a space', { PORT: ' 5' }, 'PORT', 'malformed'],
  ['a port before a line break', { PORT: '5\n' }, 'PORT', 'malformed'],
  ['a port with a sign', { PORT: '+5' }, 'PORT', 'malformed'],
  ['a port with a leading zero', { PORT: '05' }, 'PORT', 'malformed'],
  ['a port with a fraction', { PORT: '80.0' }, 'PORT', 'malformed'],
  ['a port in other digits', { PORT: '８０' }, 'PORT', 'malformed'],
  ['a port beyond 16 bits', { PORT: '65536' }, 'PORT', 'malformed'],
  ['a negative port', { PORT: '-1' }, 'PORT', 'malformed'],
  ['a negative zero', { CLOCK_OFFSET_SECONDS: '-0' }, 'CLOCK_OFFSET_SECONDS', 'malformed'],
  [
    'an integer that doubles cannot hold',
    { CLOCK_OFFSET_SECONDS: '9007199254740993' },
    'CLOCK_OFFSET_SECONDS',
    'malformed',
  ],
  ['a limit below its minimum', { RATE_LIMIT_MAX: '0' }, 'RATE_LIMIT_MAX', 'malformed'],
  ['a limit without limit', { RATE_LIMIT_MAX: 'Infinity' }, 'RATE_LIMIT_MAX', 'malformed'],
  // Booleans and choices
  ['a boolean as a number', { DOCS_ENABLED: '1' }, 'DOCS_ENABLED', 'malformed'],
  ['a boolean as a word', { DOCS_ENABLED: 'yes' }, 'DOCS_ENABLED', 'malformed'],
  ['a boolean in capitals', { DOCS_ENABLED: 'True' }, 'DOCS_ENABLED', 'malformed'],
  ['a choice that is none', { STORAGE: canary }, 'STORAGE', 'malformed'],
  ['a choice that objects inherit', { STORAGE: 'constructor' }, 'STORAGE', 'malformed'],
  ['a numeric choice written otherwise', { TLS_VERSION: '3.0' }, 'TLS_VERSION', 'malformed'],
  // Text
  ['text that is too short', { EXAMPLE_GREETING: 'h' }, 'EXAMPLE_GREETING', 'malformed'],
  ['text that is too long', { EXAMPLE_GREETING: canary.repeat(2) }, 'EXAMPLE_GREETING', 'malformed'],
  ['text after a space', { EXAMPLE_GREETING: ` ${canary}` }, 'EXAMPLE_GREETING', 'malformed'],
  ['text with a line break', { EXAMPLE_GREETING: `a\n${canary}` }, 'EXAMPLE_GREETING', 'malformed'],
  ['text with an escape sequence', { EXAMPLE_GREETING: `\u001b[2J${canary}` }, 'EXAMPLE_GREETING', 'malformed'],
  // Lists
  ['a list with an empty item', { EXAMPLE_SHARDS: 'a,,b' }, 'EXAMPLE_SHARDS', 'malformed'],
  ['a list with a comma at its end', { EXAMPLE_SHARDS: 'a,' }, 'EXAMPLE_SHARDS', 'malformed'],
  ['a list of a comma', { ALLOWED_ORIGINS: ',' }, 'ALLOWED_ORIGINS', 'malformed'],
  ['a list of a space', { TRUSTED_PROXIES: ' ' }, 'TRUSTED_PROXIES', 'malformed'],
  ['a list with an item twice', { EXAMPLE_SHARDS: 'a,b,a' }, 'EXAMPLE_SHARDS', 'malformed'],
  ['a list with a malformed item', { EXAMPLE_SHARDS: `a,${canary}` }, 'EXAMPLE_SHARDS', 'malformed'],
  [
    'a list that is too long',
    { ALLOWED_ORIGINS: 'https://a.example,https://b.example,https://c.example,https://d.example' },
    'ALLOWED_ORIGINS',
    'malformed',
  ],
  ['a list as JSON', { ALLOWED_ORIGINS: `["https://${canary}.example"]` }, 'ALLOWED_ORIGINS', 'malformed'],
  // Origins, URLs, hosts
  ['an origin with a slash', { PUBLIC_ORIGIN: `https://${canary}.example/` }, 'PUBLIC_ORIGIN', 'malformed'],
  ['an origin with a default port', { PUBLIC_ORIGIN: `https://${canary}.example:443` }, 'PUBLIC_ORIGIN', 'malformed'],
  ['an origin that is a host', { PUBLIC_ORIGIN: `${canary}.example` }, 'PUBLIC_ORIGIN', 'malformed'],
  ['any origin', { ALLOWED_ORIGINS: '*' }, 'ALLOWED_ORIGINS', 'malformed', 'RD-008'],
  [
    'any origin of a domain',
    { ALLOWED_ORIGINS: `https://*.${canary}.example` },
    'ALLOWED_ORIGINS',
    'malformed',
    'RD-008',
  ],
  ['the null origin', { ALLOWED_ORIGINS: 'null' }, 'ALLOWED_ORIGINS', 'malformed', 'RD-008'],
  [
    'a URL with a password',
    { UPSTREAM_URL: `https://app:${canary}@host.example/` },
    'UPSTREAM_URL',
    'malformed',
    'RD-018',
  ],
  ['a URL of another protocol', { UPSTREAM_URL: `ftp://${canary}.example/` }, 'UPSTREAM_URL', 'malformed'],
  ['a host with a port', { HOST: `${canary}:80` }, 'HOST', 'malformed'],
  // Trusted proxies
  ['every client as a proxy', { TRUSTED_PROXIES: 'true' }, 'TRUSTED_PROXIES', 'malformed', 'RD-009'],
  ['proxies as a number of hops', { TRUSTED_PROXIES: '1' }, 'TRUSTED_PROXIES', 'malformed', 'RD-009'],
  ['a proxy by its name', { TRUSTED_PROXIES: 'loopback' }, 'TRUSTED_PROXIES', 'malformed'],
  ['the whole of IPv4 as proxies', { TRUSTED_PROXIES: '10.0.0.0/8,0.0.0.0/0' }, 'TRUSTED_PROXIES', 'refused', 'RD-009'],
  ['the whole of IPv6 as proxies', { TRUSTED_PROXIES: '::/0' }, 'TRUSTED_PROXIES', 'refused', 'RD-009'],
  // Secrets
  ['a secret in the place of its reference', { SIGNING_KEY: canary }, 'SIGNING_KEY', 'malformed', 'RD-020'],
  ['a secret behind an unknown scheme', { SIGNING_KEY: `plain:${canary}` }, 'SIGNING_KEY', 'malformed', 'RD-021'],
  [
    'a Vault reference without a field',
    { SIGNING_KEY: `vault://secret/${canary}` },
    'SIGNING_KEY',
    'malformed',
    'RD-023',
  ],
  [
    'a secret from the environment in production',
    { SIGNING_KEY: `env://${canary}` },
    'SIGNING_KEY',
    'refused',
    'RD-035',
  ],
  // Weak in production
  ['a plain http origin', { PUBLIC_ORIGIN: `http://${canary}.example` }, 'PUBLIC_ORIGIN', 'refused', 'RD-007'],
  [
    'a plain http origin in a list',
    { ALLOWED_ORIGINS: `https://a.example,http://${canary}.example` },
    'ALLOWED_ORIGINS',
    'refused',
    'RD-007',
  ],
  ['a plain http URL', { UPSTREAM_URL: `http://${canary}.example/` }, 'UPSTREAM_URL', 'refused', 'RD-007'],
  ['embedded storage', { STORAGE: 'embedded' }, 'STORAGE', 'refused', 'RD-010'],
  ['the reference page', { DOCS_ENABLED: 'true' }, 'DOCS_ENABLED', 'refused', 'RD-010'],
  [
    'certificates that nobody checks',
    { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    'NODE_TLS_REJECT_UNAUTHORIZED',
    'refused',
    'RD-011',
  ],
  [
    'an open inspector',
    { NODE_OPTIONS: `--title=${canary} --inspect=0.0.0.0:9229` },
    'NODE_OPTIONS',
    'refused',
    'RD-012',
  ],
  // Together
  ['two listeners on one port', { PORT: '9000' }, 'MANAGEMENT_PORT', 'refused', 'RD-019'],
  // Names
  ['an unknown setting', { EXAMPLE_COLOUR: canary }, 'EXAMPLE_COLOUR', 'unknown'],
  ['an unknown setting in small letters', { example_colour: canary }, 'example_colour', 'unknown'],
  ['a setting with a letter too many', { EXAMPLE_GREETINGS: canary }, 'EXAMPLE_GREETINGS', 'unknown'],
  ['a misspelt setting', { TRUSTED_PROXYS: canary }, 'TRUSTED_PROXYS', 'misspelt'],
  ['a misspelt environment', { NODE_EVN: 'development' }, 'NODE_EVN', 'misspelt'],
  ['a setting in small letters', { rate_limit_max: canary }, 'rate_limit_max', 'misspelt'],
];

describe('a bad configuration', () => {
  for (const [what, environment, setting, problem, id] of badConfigurations) {
    it(`SR-53: ${what} is a fault`, () => {
      const error = settingsErrorOf({ ...productionEnvironment, ...environment });
      expect(error?.faults).toEqual([
        {
          id: id ?? usualIds[problem],
          setting,
          problem,
          expected: expect.stringMatching(/./) as unknown,
          fix: expect.stringMatching(/\.$|\?$/) as unknown,
        },
      ]);
      expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain(canary);
    });
  }

  it.each(['PUBLIC_ORIGIN', 'SIGNING_KEY'])('SR-53: production without %s is a fault', (setting) => {
    const { [setting]: _absent, ...environment } = productionEnvironment;
    expect(settingsErrorOf(environment)?.faults).toMatchObject([{ setting, problem: 'missing' }]);
  });

  it('SR-28: production with NODE_TLS_REJECT_UNAUTHORIZED=0 does not start', () => {
    const error = settingsErrorOf({ ...productionEnvironment, NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(error?.message).toContain('NODE_TLS_REJECT_UNAUTHORIZED is refused');
  });
});
