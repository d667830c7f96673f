import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

import { describe, expect, it } from 'vitest';

import { ANONYMOUS_WINDOW_SECONDS } from '../../../packages/server/src/limits.ts';
import { allDirectives, readNginxConfig } from './support/nginx-config.ts';

const root = join(import.meta.dirname, '../../..');
const config = readNginxConfig(join(root, 'nginx'));
const profile = parseEnv(readFileSync(join(root, 'deploy/profiles/high-throughput.env'), 'utf8'));

/** The largest number that the profile takes for a variable. */
function most(name: string): number {
  return Number(/ to (\d+)>/.exec(profile[name] ?? '')?.[1]);
}

/** What stands in the location of this prefix. */
function locationOf(prefix: string) {
  const found = allDirectives(config).filter(
    ({ directive: { name, args } }) => name === 'location' && args.join(' ') === prefix,
  );
  return found.flatMap(({ directive }) => directive.children).map(({ name, args }) => [name, ...args].join(' '));
}

describe('the edge of the profile high-throughput', () => {
  it('SR-22: takes what the profile says into its limits, and has them in every location of the API', () => {
    const zones = allDirectives(config).filter(({ directive: { name } }) => name === 'limit_req_zone');
    const rates = zones.map(({ directive: { args } }) => args.at(-1));
    expect(rates).toEqual(['rate=${EDGE_RATE}', 'rate=${EDGE_AUTH_RATE}']);
    for (const prefix of ['/', '/api/auth/', '/.well-known/'])
      expect(locationOf(prefix).some((line) => line.startsWith('limit_req zone=requests'))).toBe(true);
    expect(locationOf('/api/auth/').some((line) => line.startsWith('limit_req zone=sign-in'))).toBe(true);
  });

  it('SR-22: lets through no less than what the service then counts', () => {
    expect(most('EDGE_RATE') * ANONYMOUS_WINDOW_SECONDS).toBe(most('RATE_LIMIT_ANONYMOUS_MAX'));
  });

  it('SR-22: is in its bounds with the numbers of the stack, which the tests of the stack attack', () => {
    const compose = readFileSync(join(root, 'compose.yaml'), 'utf8');
    for (const name of ['EDGE_RATE', 'EDGE_AUTH_RATE']) {
      const given = Number(new RegExp(`\\{${name}:-(\\d+)r/`).exec(compose)?.[1]);
      expect(given).toBeLessThanOrEqual(most(name));
      expect(given).toBeGreaterThanOrEqual(10);
    }
  });

  it('SR-34: keeps answers of the prefix with public documents alone', () => {
    const cached = ['/', '/api/auth/', '/.well-known/'].filter((prefix) =>
      locationOf(prefix).includes('include /etc/nginx/conf.d/parts/cache.conf'),
    );
    expect(cached).toEqual(['/.well-known/']);
  });
});
