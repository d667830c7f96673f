import { join } from 'node:path';

import { defineRoles } from '@redoubt/auth';
import { loadSettings, secretReferenceSetting, SettingsError } from '@redoubt/config';
import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';

import { defineDatabase, defineService, defineServiceSettings, type SecretDeclarations } from '../src/index.ts';

const database = defineDatabase({ service: 'sample', migrations: join(import.meta.dirname, '..', 'migrations') });
const own = { SAMPLE_KEY: Type.Optional(secretReferenceSetting({ description: 'A key' })) };
const settings = defineServiceSettings({ prefix: 'SAMPLE_', own });

function define(secrets: SecretDeclarations) {
  return defineService({
    database,
    description: 'A sample.',
    settings,
    roles: defineRoles({ user: [] }),
    secrets,
    modules: [],
  });
}

describe('a service', () => {
  it('SR-51: does not load when it does not say what a secret is for', () => {
    expect(() => define({})).toThrow('say in secrets what SAMPLE_KEY is for');
    expect(define({ SAMPLE_KEY: { ages: 'password', kind: 'password' } }).service.name).toBe('sample');
  });

  it('does not load with a secret that no setting refers to', () => {
    const SAMPLE_KEY = { ages: 'password', kind: 'password' } as const;
    expect(() => define({ SAMPLE_KEY, OTHER_KEY: SAMPLE_KEY })).toThrow('there is no setting OTHER_KEY');
  });

  it.each(['', 'Sample', 'a b', 'sample_1', '-sample', 's'.repeat(42)])('is not named %j', (service) => {
    expect(() => defineDatabase({ service, migrations: '/migrations' })).toThrow(TypeError);
  });
});

describe('the settings of a service', () => {
  it('SR-51, SR-53: refuse a secret of its own from the environment in production, like the common ones', () => {
    const load = () => loadSettings(settings, { SAMPLE_KEY: 'env://KEY', TLS_KEY: 'env://KEY' });
    expect(load).toThrow(SettingsError);
    expect(load).toThrow(/SAMPLE_KEY[^]*RD-035|RD-035[^]*SAMPLE_KEY/);
  });

  it('SR-51: refuse static credentials of Azure beside a secret of its own in a key vault', () => {
    const environment = { SAMPLE_KEY: 'azure-kv://vault/key', AZURE_CLIENT_SECRET: 'x' };
    expect(() => loadSettings(settings, environment)).toThrow('AZURE_CLIENT_SECRET');
  });

  it('are defined once: what every service has is not taken', () => {
    expect(() =>
      defineServiceSettings({ prefix: 'SAMPLE_', own: { PORT: Type.Integer({ description: 'x' }) } }),
    ).toThrow('every service has a setting PORT already');
  });

  it('say where a developer finds it; production has the same defaults for all', () => {
    const place = { port: 3001, managementPort: 9001, directory: '.local/sample' };
    const definition = defineServiceSettings({ prefix: 'SAMPLE_', development: place });
    expect(loadSettings(definition, { NODE_ENV: 'development' })).toMatchObject({
      PORT: 3001,
      MANAGEMENT_PORT: 9001,
      PUBLIC_URL: 'http://127.0.0.1:3001',
      LOCAL_DIRECTORY: '.local/sample',
    });
    expect(definition.settings.find(({ name }) => name === 'PORT')?.defaultText).toBe('3000');
  });
});
