import { randomUUID } from 'node:crypto';
import { parseSecretReference } from '@redoubt/secrets';
import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import {
  azureSettings,
  azureSourceOf,
  defineSettings,
  incompleteAzureWorkload,
  loadSettings,
  refuseInProduction,
  secretReferenceSetting,
  SettingsError,
  staticAzureCredentials,
} from '../src/index.ts';

const TENANT_ID = randomUUID();
const CLIENT_ID = randomUUID();
const TOKEN_FILE = '/var/run/secrets/azure/tokens/azure-identity-token';

const definition = defineSettings({
  prefix: 'EXAMPLE_',
  schema: Type.Object({
    ...azureSettings,
    KEY: secretReferenceSetting({ description: 'A key' }),
    PASSWORD: Type.Optional(secretReferenceSetting({ description: 'A password' })),
  }),
  rules: [incompleteAzureWorkload, ...refuseInProduction(staticAzureCredentials('KEY', 'PASSWORD'))],
});

function load(environment: Readonly<Record<string, string>>) {
  return loadSettings(definition, { KEY: 'azure-kv://redoubt/key', ...environment });
}

function faultOf(environment: Readonly<Record<string, string>>): string {
  try {
    load(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'no fault';
}

describe('the settings of Azure', () => {
  it('are the public cloud and the identity of the machine, when nothing is said', () => {
    expect(azureSourceOf(load({}))).toEqual({ domain: 'vault.azure.net' });
  });

  it('name a user-assigned identity', () => {
    const settings = load({ AZURE_KEY_VAULT_DOMAIN: 'vault.azure.cn', AZURE_CLIENT_ID: CLIENT_ID });
    expect(azureSourceOf(settings)).toEqual({ domain: 'vault.azure.cn', clientId: CLIENT_ID });
  });

  it('name a workload, where the cluster gives it a token', () => {
    const identity = { AZURE_CLIENT_ID: CLIENT_ID, AZURE_TENANT_ID: TENANT_ID };
    expect(azureSourceOf(load(identity))).toEqual({ domain: 'vault.azure.net', clientId: CLIENT_ID });
    expect(azureSourceOf(load({ ...identity, AZURE_FEDERATED_TOKEN_FILE: TOKEN_FILE }))).toEqual({
      domain: 'vault.azure.net',
      workload: { tenantId: TENANT_ID, clientId: CLIENT_ID, tokenFile: TOKEN_FILE },
    });
  });

  const bad: readonly (readonly [name: string, value: string])[] = [
    ['AZURE_KEY_VAULT_DOMAIN', 'vault.example'],
    ['AZURE_KEY_VAULT_DOMAIN', 'https://vault.azure.net'],
    ['AZURE_KEY_VAULT_DOMAIN', '.vault.azure.net'],
    ['AZURE_CLIENT_ID', 'my-identity'],
    ['AZURE_CLIENT_ID', `${CLIENT_ID}/..`],
    ['AZURE_TENANT_ID', 'common'],
    ['AZURE_TENANT_ID', '../other'],
    ['AZURE_FEDERATED_TOKEN_FILE', 'token'],
  ];
  for (const [name, value] of bad) {
    it(`SR-53: refuse ${name}=${value}`, () => {
      expect(faultOf({ [name]: value })).toContain(name);
    });
  }
});

describe('incompleteAzureWorkload', () => {
  it('SR-51: refuses a token file without the tenant or the application, so that no other identity signs in', () => {
    const token = { AZURE_FEDERATED_TOKEN_FILE: TOKEN_FILE };
    expect(faultOf({ ...token, AZURE_CLIENT_ID: CLIENT_ID })).toContain('AZURE_TENANT_ID');
    expect(faultOf({ ...token, AZURE_TENANT_ID: TENANT_ID })).toContain('AZURE_CLIENT_ID');
    expect(faultOf(token)).toContain('AZURE_TENANT_ID');
    expect(faultOf({ ...token, AZURE_TENANT_ID: TENANT_ID, AZURE_CLIENT_ID: CLIENT_ID })).toBe('no fault');
  });
});

describe('staticAzureCredentials', () => {
  const names = [
    'AZURE_CLIENT_SECRET',
    'AZURE_CLIENT_CERTIFICATE_PATH',
    'AZURE_CLIENT_CERTIFICATE_PASSWORD',
    'AZURE_USERNAME',
    'AZURE_PASSWORD',
  ];
  for (const name of names) {
    it(`SR-51: refuses ${name} in production beside a key vault, without its value`, () => {
      const value = randomUUID();
      const message = faultOf({ [name]: value });
      expect(message).toContain(name);
      expect(message).not.toContain(value);
    });
  }

  it('SR-51: looks at every secret that it is given', () => {
    const rule = staticAzureCredentials('KEY', 'PASSWORD');
    const file = parseSecretReference('file:///run/secrets/key');
    const vault = parseSecretReference('azure-kv://redoubt/key');
    const environment = { AZURE_CLIENT_SECRET: 'x' };
    expect(rule({ KEY: file, PASSWORD: vault }, environment)).toMatchObject({ problem: 'refused' });
    expect(rule({ KEY: undefined, PASSWORD: vault }, environment)).toMatchObject({ problem: 'refused' });
    expect(rule({ KEY: file, PASSWORD: undefined }, environment)).toBeUndefined();
  });

  it('leaves alone what is empty, what is not Azure, and development', () => {
    expect(faultOf({ AZURE_CLIENT_SECRET: '' })).toBe('no fault');
    expect(faultOf({ AZURE_CLIENT_SECRET: 'x', KEY: 'file:///run/secrets/key' })).toBe('no fault');
    expect(faultOf({ AZURE_CLIENT_SECRET: 'x', NODE_ENV: 'development' })).toBe('no fault');
  });
});
