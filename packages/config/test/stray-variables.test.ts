import { describe, expect, it } from 'vitest';
import { faultsOf, productionEnvironment } from './example-settings.ts';

function straysOf(environment: Record<string, string>): readonly string[] {
  const faults = faultsOf({ ...productionEnvironment, ...environment });
  return faults.map(({ setting, problem }) => `${setting} ${problem}`);
}

describe('a stray variable', () => {
  it.each([
    'RATE_LIMITS_MAX',
    'RATE_LIMIT_MX',
    'RATE_LIMIT_MXA',
    'RATELIMIT_MAX',
    'RATE_LIMIT_MAXIM',
    'Rate_Limit_Max',
  ])('SR-53: %s is taken for a slip in RATE_LIMIT_MAX, which is absent', (name) => {
    expect(straysOf({ [name]: '1' })).toEqual([`${name} misspelt`]);
    expect(faultsOf({ ...productionEnvironment, [name]: '1' })).toMatchObject([
      { fix: expect.stringContaining('did you mean RATE_LIMIT_MAX?') as unknown },
    ]);
  });

  it.each(['RATE_LIMIT_MINI', 'RATE_LIMIT_MAXIMUM', 'MAX_RATE_LIMIT'])(
    'is left alone when it is another word: %s',
    (name) => {
      expect(straysOf({ [name]: '1' })).toEqual([]);
    },
  );

  it('is left alone when the setting that it resembles is set', () => {
    expect(straysOf({ RATE_LIMIT_MAX: '5', RATE_LIMIT_MAY: '1' })).toEqual([]);
  });

  it('is left alone when it has fewer than 8 characters', () => {
    expect(straysOf({ HOME: '/', HOSTS: 'a', POST: 'b', PORTS: 'c' })).toEqual([]);
  });

  it('is left alone when it is one of those that systems set', () => {
    const common = ['PATH', 'HOSTNAME', 'LANGUAGE', 'NODE_PATH', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'PNPM_HOME'];
    expect(straysOf(Object.fromEntries(common.map((name) => [name, 'x'])))).toEqual([]);
  });

  it('SR-53: is unknown with the prefix of the service, and is told what it resembles even when that is set', () => {
    const environment = { ...productionEnvironment, EXAMPLE_SHARDS: 'a', EXAMPLE_SHARD: 'b', EXAMPLE_OTHER: 'c' };
    expect(faultsOf(environment)).toMatchObject([
      { setting: 'EXAMPLE_SHARD', problem: 'unknown', fix: expect.stringContaining('EXAMPLE_SHARDS') as unknown },
      { setting: 'EXAMPLE_OTHER', problem: 'unknown', fix: 'Remove it, or correct its name.' },
    ]);
  });

  it('SR-53: cannot command a terminal with its name, nor fill it', () => {
    expect(straysOf({ 'EXAMPLE_\u001b[2J\n': '1' })).toEqual(['EXAMPLE_??2J? unknown']);
    expect(straysOf({ [`EXAMPLE_${'A'.repeat(10_000)}`]: '1' })).toEqual([`EXAMPLE_${'A'.repeat(56)}… unknown`]);
  });
});
