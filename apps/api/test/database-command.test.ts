import { type Environment, loadSettings, SettingsError } from '@redoubt/config';
import { describe, expect, it } from 'vitest';

import { migrationSettings } from '../src/migration-settings.ts';
import { auditSettings } from '../src/security-events/audit-settings.ts';

const commands = [
  ['MIGRATION', (environment: Environment) => loadSettings(migrationSettings, environment)],
  ['AUDIT', (environment: Environment) => loadSettings(auditSettings, environment)],
] as const;

describe.each(commands)('what the command of %s_ is told', (prefix, load) => {
  const url = `${prefix}_DATABASE_URL`;
  const password = `${prefix}_DATABASE_PASSWORD`;
  const sound = { [url]: 'postgres://app@database.internal/service', [password]: 'file:///run/secrets/password' };

  function findingsOf(environment: Environment): readonly string[] {
    try {
      load({ ...sound, ...environment });
      return [];
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      return error.faults.map(({ id }) => id);
    }
  }

  it('is taken when it is sound', () => {
    expect(findingsOf({})).toEqual([]);
  });

  it.each([
    ['SR-28: a database elsewhere that need not prove who it is', { DATABASE_TLS: 'off' }, 'RD-066'],
    ['SR-28: certificates that nobody checks', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, 'RD-011'],
    ['SR-50: a password in the environment', { [password]: 'env://DATABASE_SECRET' }, 'RD-035'],
    ['SR-50: static keys of a cloud', { [password]: 'aws-sm://database', AWS_ACCESS_KEY_ID: 'present' }, 'RD-048'],
    [
      'SR-28: a cloud over plain HTTP',
      { [password]: 'aws-sm://database', AWS_ENDPOINT_URL: 'http://aws.internal' },
      'RD-007',
    ],
    [
      'SR-50: static credentials of Azure',
      { [password]: 'azure-kv://service/database', AZURE_CLIENT_SECRET: 'present' },
      'RD-048',
    ],
    ['SR-50: half an identity of Azure', { AZURE_FEDERATED_TOKEN_FILE: '/run/token' }, 'RD-036'],
    ['SR-28: an address that turns TLS off', { [url]: 'postgres://app@database.internal/s?sslmode=disable' }, 'RD-003'],
    ['SR-50: Vault named without its address', { [password]: 'vault://kv/service#password' }, 'RD-036'],
  ])('%s is refused', (_what, environment, id) => {
    expect(findingsOf(environment)).toContain(id);
  });
});
