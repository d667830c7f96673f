import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { Type } from '@sinclair/typebox';
import * as fc from 'fast-check';
import type { SecretReference } from '@redoubt/secrets';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type LoadedSettings, defineSettings, loadSettings, originListSetting, portSetting } from '../src/index.ts';
import { exampleSettings, faultsOf, productionEnvironment, settingsErrorOf } from './example-settings.ts';

const names = exampleSettings.settings.map(({ name }) => name);

describe('loadSettings', () => {
  it('gives each setting its type', () => {
    const settings = loadSettings(exampleSettings, {
      ...productionEnvironment,
      HOST: '::',
      PORT: '0',
      ALLOWED_ORIGINS: 'https://a.example, https://b.example:8443',
      TRUSTED_PROXIES: '10.0.0.0/8,fd00::1',
      UPSTREAM_URL: 'https://reports.example/v1?full',
      EXAMPLE_SHARDS: '',
      CLOCK_OFFSET_SECONDS: '-30',
      TLS_VERSION: '2',
    });
    expect(settings).toEqual({
      NODE_ENV: 'production',
      HOST: '::',
      PORT: 0,
      MANAGEMENT_PORT: 9000,
      PUBLIC_ORIGIN: 'https://api.example.com',
      ALLOWED_ORIGINS: ['https://a.example', 'https://b.example:8443'],
      TRUSTED_PROXIES: ['10.0.0.0/8', 'fd00::1'],
      UPSTREAM_URL: 'https://reports.example/v1?full',
      SIGNING_KEY: { scheme: 'file', path: expect.stringMatching(/signing-key$/) as unknown },
      STORAGE: 'postgres',
      DOCS_ENABLED: false,
      EXAMPLE_GREETING: 'hello',
      EXAMPLE_SHARDS: [],
      RATE_LIMIT_MAX: 100,
      CLOCK_OFFSET_SECONDS: -30,
      TLS_VERSION: 2,
    });
  });

  it('types the settings by their schema', () => {
    type Settings = LoadedSettings<typeof exampleSettings>;
    expectTypeOf<Settings['NODE_ENV']>().toEqualTypeOf<'production' | 'development'>();
    expectTypeOf<Settings['PORT']>().toEqualTypeOf<number>();
    expectTypeOf<Settings['STORAGE']>().toEqualTypeOf<'postgres' | 'embedded'>();
    expectTypeOf<Settings['ALLOWED_ORIGINS']>().toEqualTypeOf<readonly string[]>();
    expectTypeOf<Settings['SIGNING_KEY']>().toEqualTypeOf<SecretReference>();
    expectTypeOf<Settings>().toExtend<{ readonly UPSTREAM_URL?: string }>();
  });

  it('SR-53: holds an absent NODE_ENV for production', () => {
    expect(loadSettings(exampleSettings, productionEnvironment).NODE_ENV).toBe('production');
    expect(faultsOf({ STORAGE: 'embedded', ...productionEnvironment })).toHaveLength(1);
  });

  it('starts in development with nothing else stated', () => {
    expect(loadSettings(exampleSettings, { NODE_ENV: 'development' })).toMatchObject({
      NODE_ENV: 'development',
      PUBLIC_ORIGIN: 'http://localhost:3000',
      SIGNING_KEY: { scheme: 'env', name: 'EXAMPLE_KEY' },
      STORAGE: 'embedded',
      PORT: 3000,
    });
  });

  it('lets a stated value stand before the default of development', () => {
    const settings = loadSettings(exampleSettings, { NODE_ENV: 'development', STORAGE: 'postgres' });
    expect(settings.STORAGE).toBe('postgres');
  });

  it('leaves an optional setting out when it is absent', () => {
    expect(loadSettings(exampleSettings, productionEnvironment)).not.toHaveProperty('UPSTREAM_URL');
  });

  it('SR-53: reports every fault at once, those of rules beside those of settings', () => {
    const faults = faultsOf({
      PORT: '0x10',
      ALLOWED_ORIGINS: '*',
      TRUSTED_PROXIES: '0.0.0.0/0',
      STORAGE: 'embedded',
      EXAMPLE_COLOUR: 'red',
      SIGNING_KYE: 'file:///a',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    });
    expect(faults.map(({ setting, problem }) => `${setting} ${problem}`)).toEqual([
      'PORT malformed',
      'PUBLIC_ORIGIN missing',
      'ALLOWED_ORIGINS malformed',
      'SIGNING_KEY missing',
      'EXAMPLE_COLOUR unknown',
      'SIGNING_KYE misspelt',
      'TRUSTED_PROXIES refused',
      'STORAGE refused',
      'NODE_TLS_REJECT_UNAUTHORIZED refused',
    ]);
  });

  it('asks for nothing that depends on NODE_ENV while NODE_ENV is faulty', () => {
    expect(faultsOf({ NODE_ENV: 'dev', STORAGE: 'embedded' })).toMatchObject([{ setting: 'NODE_ENV' }]);
  });

  it('SR-53: freezes the settings and what is in them', () => {
    const settings = loadSettings(exampleSettings, { ...productionEnvironment, EXAMPLE_SHARDS: 'a,b' });
    expect(() => Object.assign(settings, { PORT: 1 })).toThrow(TypeError);
    expect(() => Object.assign(settings, { MORE: 1 })).toThrow(TypeError);
    expect(() => (settings.EXAMPLE_SHARDS as string[]).push('c')).toThrow(TypeError);
    expect(() => (settings.TRUSTED_PROXIES as string[]).push('0.0.0.0/0')).toThrow(TypeError);
    expect(() => Object.assign(settings.SIGNING_KEY, { path: '/etc/passwd' })).toThrow(TypeError);
  });

  it('gives two loads two lists', () => {
    const [one, two] = [1, 2].map(() => loadSettings(exampleSettings, productionEnvironment));
    expect(one?.EXAMPLE_SHARDS).not.toBe(two?.EXAMPLE_SHARDS);
  });

  it('SR-53: is not moved by prototype keys in the environment', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"PORT":"1"},"constructor":"x","toString":"x","hasOwnProperty":"x","prototype":"x"}',
    ) as Record<string, string>;
    const settings = loadSettings(exampleSettings, Object.assign(hostile, productionEnvironment));
    expect(settings).toEqual(loadSettings(exampleSettings, productionEnvironment));
    expect({}).not.toHaveProperty('PORT');
  });

  it('SR-53: reads no setting that the environment only inherits', () => {
    const environment = Object.create({ PORT: '1', EXAMPLE_COLOUR: 'red' }) as Record<string, string>;
    expect(loadSettings(exampleSettings, Object.assign(environment, productionEnvironment)).PORT).toBe(3000);
  });

  it('SR-53: shows no value of any setting, whatever stands in it', () => {
    const canary = randomBytes(12).toString('hex');
    const garbage = fc.string({ unit: 'binary' }).map((text) => `${text}${canary}`);
    const environments = fc.record(
      Object.fromEntries([...names, 'EXAMPLE_COLOUR', 'TRUSTED_PROXYS', 'NODE_OPTIONS'].map((name) => [name, garbage])),
      { requiredKeys: ['PORT'] },
    );
    const isSilent = fc.property(environments, (environment) => {
      const error = settingsErrorOf(environment as Record<string, string>);
      const shown = `${inspect(error?.faults)}${error?.message}`;
      return error !== undefined && !shown.includes(canary);
    });
    expect(() => fc.assert(isSilent)).not.toThrow();
  });

  it('ends in settings or in a SettingsError for every environment', () => {
    const words = fc.constantFrom(
      '',
      '*',
      '0',
      '-1',
      'true',
      'https://a.example',
      '::/0',
      'env://A',
      'a,b',
      'production',
    );
    const name = fc.oneof(fc.constantFrom(...names), fc.string({ unit: 'binary' }));
    const environments = fc.dictionary(name, fc.oneof(words, fc.string({ unit: 'binary' })));
    const ends = fc.property(environments, (environment) => settingsErrorOf(environment)?.faults.length !== 0);
    expect(() => fc.assert(ends)).not.toThrow();
  });
});

describe('a rule', () => {
  const prefix = 'EXAMPLE_';
  const schema = Type.Object({
    FIRST_PORT: portSetting({ description: 'one', default: 1 }),
    OTHER_PORT: Type.Optional(portSetting({ description: 'two' })),
    ORIGINS: originListSetting({ description: 'three', default: [] }),
  });

  it('is skipped while a setting that it reads is faulty', () => {
    const fault = {
      id: 'RD-019',
      setting: 'FIRST_PORT',
      problem: 'refused',
      expected: 'nothing',
      fix: 'Nothing.',
    } as const;
    const definition = defineSettings({
      prefix,
      schema,
      rules: [({ FIRST_PORT, ORIGINS }) => (FIRST_PORT === 1 && ORIGINS.length === 0 ? fault : undefined)],
    });
    expect(() => loadSettings(definition, {})).toThrow(/FIRST_PORT is refused/);
    expect(() => loadSettings(definition, { FIRST_PORT: 'x' })).toThrow(/FIRST_PORT is malformed(?!.*refused)/s);
  });

  it('sees an absent optional setting as undefined', () => {
    const seen: unknown[] = [];
    const rule = (settings: { readonly OTHER_PORT: number | undefined }): undefined => {
      seen.push(settings.OTHER_PORT);
    };
    loadSettings(defineSettings({ prefix, schema, rules: [rule] }), {});
    expect(seen).toEqual([undefined]);
  });

  it('shows its own mistake, and is not taken for content', () => {
    const broken = (): never => {
      throw new RangeError('a mistake in the rule');
    };
    expect(() => loadSettings(defineSettings({ prefix, schema, rules: [broken] }), {})).toThrow(RangeError);
  });
});
