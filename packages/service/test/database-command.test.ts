import { type Environment, loadSettings, type SettingFault, SettingsError } from '@redoubt/config';
import { describe, expect, it } from 'vitest';

import { auditSettings } from '../src/settings/audit-settings.ts';
import { migrationSettings } from '../src/settings/migration-settings.ts';
import { preparationSettings } from '../src/settings/preparation-settings.ts';

type Load = (environment: Environment) => unknown;

/** What `prepare-database` must be told beside its database and its own password. */
const rolePasswords = {
  PREPARE_MIGRATOR_PASSWORD: 'file:///run/secrets/migrator',
  PREPARE_RUNTIME_PASSWORD: 'file:///run/secrets/runtime',
};

interface Command {
  readonly prefix: string;
  /** One of its passwords. */
  readonly password: string;
  readonly load: Load;
  readonly more?: Environment;
}

/** Each command with each of its passwords. */
const commands: readonly Command[] = [
  {
    prefix: 'MIGRATION',
    password: 'MIGRATION_DATABASE_PASSWORD',
    load: (given) => loadSettings(migrationSettings, given),
  },
  { prefix: 'AUDIT', password: 'AUDIT_DATABASE_PASSWORD', load: (given) => loadSettings(auditSettings, given) },
  ...['DATABASE', 'MIGRATOR', 'RUNTIME', 'READER', 'BACKUP'].map((of) => ({
    prefix: 'PREPARE',
    password: `PREPARE_${of}_PASSWORD`,
    load: loadPreparation,
    more: rolePasswords,
  })),
];

function loadPreparation(environment: Environment): unknown {
  return loadSettings(preparationSettings, environment);
}

function faultsOf(load: Load, environment: Environment): readonly SettingFault[] {
  try {
    load(environment);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.faults;
  }
}

describe.each(commands)(
  'what the command of $prefix is told, with $password',
  ({ prefix, password, load, more = {} }) => {
    const url = `${prefix}_DATABASE_URL`;
    const sound = {
      ...more,
      [url]: 'postgres://app@database.internal/service',
      [password]: 'file:///run/secrets/password',
    };

    function findingsOf(environment: Environment): readonly string[] {
      return faultsOf(load, { ...sound, ...environment }).map(({ id }) => id);
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
      [
        'SR-28: an address that turns TLS off',
        { [url]: 'postgres://app@database.internal/s?sslmode=disable' },
        'RD-003',
      ],
      ['SR-50: Vault named without its address', { [password]: 'vault://kv/service#password' }, 'RD-036'],
      ['SR-53: a setting that does not exist', { [`${prefix}_DATABASE_ROLE`]: 'app' }, 'RD-004'],
    ])('%s is refused', (_what, environment, id) => {
      expect(findingsOf(environment)).toContain(id);
    });
  },
);

describe('prepare-database', () => {
  it('SR-49: does without a reader and a backup role, and not without the two that every service has', () => {
    const url = { PREPARE_DATABASE_URL: 'postgres://postgres@database.internal/service' };
    expect(faultsOf(loadPreparation, { ...url, ...rolePasswords })).toEqual([]);
    expect(faultsOf(loadPreparation, url).map(({ id, setting }) => [id, setting])).toEqual(
      Object.keys(rolePasswords).map((name) => ['RD-001', name]),
    );
  });
});
