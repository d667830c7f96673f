import { createSecretSources, SecretError } from '@redoubt/secrets';
import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import {
  defineSettings,
  type Environment,
  loadSettings,
  secretReferenceSetting,
  SettingsError,
  vaultRules,
  vaultSettings,
  vaultSourceOf,
} from '../src/index.ts';

/** A service that has a secret and a number, and these settings. */
const definition = defineSettings({
  prefix: 'EXAMPLE_',
  schema: Type.Object({
    ...vaultSettings,
    PASSWORD: Type.Optional(secretReferenceSetting({ description: 'A password' })),
    LIMIT: Type.Integer({ description: 'A number', default: 1 }),
  }),
  rules: vaultRules,
});

const IN_VAULT = { PASSWORD: 'vault://kv/app#password' };
const KUBERNETES = { VAULT_ADDR: 'https://vault.internal:8200', VAULT_AUTH_METHOD: 'kubernetes', VAULT_ROLE: 'api' };
const APPROLE = {
  VAULT_ADDR: 'https://vault.internal:8200',
  VAULT_AUTH_METHOD: 'approle',
  VAULT_ROLE_ID: 'a-role',
  VAULT_SECRET_ID_FILE: '/run/secrets/secret-id',
};
const DEVELOPER = {
  NODE_ENV: 'development',
  VAULT_ADDR: 'http://127.0.0.1:8200',
  VAULT_AUTH_METHOD: 'token',
  VAULT_TOKEN: 'canary-token',
};

/** The settings that are at fault, and that no text of the faults holds a value. */
function faultsOf(environment: Environment): readonly string[] {
  try {
    loadSettings(definition, environment);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    expect(error.message).not.toContain('canary');
    return error.faults.map(({ setting }) => setting);
  }
}

describe('the settings of Vault', () => {
  it.each<readonly [string, Environment]>([
    ['nothing, where no secret is in Vault', { PASSWORD: 'file:///run/secrets/password' }],
    ['nothing, where there is no secret', {}],
    ['kubernetes', { ...IN_VAULT, ...KUBERNETES }],
    ['approle', { ...IN_VAULT, ...APPROLE, VAULT_SECRET_ID_CONTENT: 'wrapped', VAULT_NAMESPACE: 'team/service' }],
    ['jwt', { ...IN_VAULT, ...KUBERNETES, VAULT_AUTH_METHOD: 'jwt', VAULT_JWT_FILE: '/run/secrets/jwt' }],
    ["a developer's token", { ...IN_VAULT, ...DEVELOPER }],
    ['a source without a secret in it', APPROLE],
  ])('may be %s', (_what, environment) => {
    expect(faultsOf(environment)).toEqual([]);
  });

  it.each<readonly [string, Readonly<Record<string, string | undefined>>, readonly string[]]>([
    ['everything', IN_VAULT, ['VAULT_ADDR', 'VAULT_AUTH_METHOD']],
    ['the method', { VAULT_ADDR: 'https://vault.internal' }, ['VAULT_AUTH_METHOD']],
    ['the address', { ...IN_VAULT, VAULT_AUTH_METHOD: 'kubernetes', VAULT_ROLE: 'api' }, ['VAULT_ADDR']],
    ['the role', { ...IN_VAULT, ...KUBERNETES, VAULT_ROLE: undefined }, ['VAULT_ROLE']],
    [
      'role id and secret id',
      { ...IN_VAULT, ...APPROLE, VAULT_ROLE_ID: undefined, VAULT_SECRET_ID_FILE: undefined },
      ['VAULT_ROLE_ID', 'VAULT_SECRET_ID_FILE'],
    ],
    ['the file of the JWT', { ...IN_VAULT, ...KUBERNETES, VAULT_AUTH_METHOD: 'jwt' }, ['VAULT_JWT_FILE']],
    ["the developer's token", { ...IN_VAULT, ...DEVELOPER, VAULT_TOKEN: undefined }, ['VAULT_AUTH_METHOD']],
  ])('SR-53: name what is missing: %s', (_what, environment, names) => {
    expect(faultsOf(present(environment))).toEqual(names);
  });

  it('SR-53: name what is missing beside a fault of another setting', () => {
    expect(faultsOf({ ...IN_VAULT, LIMIT: 'many' })).toEqual(['LIMIT', 'VAULT_ADDR', 'VAULT_AUTH_METHOD']);
  });

  it.each<readonly [string, Environment, string]>([
    ['a token in the environment', { ...KUBERNETES, VAULT_TOKEN: 'canary' }, 'VAULT_TOKEN'],
    ['an empty token in the environment', { ...KUBERNETES, VAULT_TOKEN: '' }, 'VAULT_TOKEN'],
    ['the method of a developer', { ...DEVELOPER, NODE_ENV: 'production' }, 'VAULT_AUTH_METHOD'],
    ['plain http', { ...KUBERNETES, VAULT_ADDR: 'http://127.0.0.1:8200' }, 'VAULT_ADDR'],
  ])('SR-51: refuse %s in production', (_what, environment, name) => {
    expect(faultsOf({ ...IN_VAULT, ...environment })).toContain(name);
  });

  it.each([
    'http://vault.internal:8200',
    'http://127.0.0.1.example',
    'http://localhost.example:8200',
    'http://10.0.0.1:8200',
  ])('SR-28: refuse %s in development', (address) => {
    expect(faultsOf({ ...IN_VAULT, ...DEVELOPER, VAULT_ADDR: address })).toContain('VAULT_ADDR');
  });

  it.each([
    ['VAULT_ADDR', 'https://user:canary@vault.internal'],
    ['VAULT_ADDR', 'https://vault.internal/canary'],
    ['VAULT_NAMESPACE', '../canary'],
    ['VAULT_AUTH_MOUNT', 'canary//mount'],
    ['VAULT_SECRET_ID_FILE', 'canary'],
    ['VAULT_JWT_FILE', 'canary'],
    ['VAULT_CACERT', 'canary'],
    ['VAULT_AUTH_METHOD', 'canary'],
  ])('SR-53: refuse %s=%s', (name, value) => {
    expect(faultsOf({ ...IN_VAULT, ...APPROLE, [name]: value })).toContain(name);
  });
});

describe('vaultSourceOf', () => {
  const sourceOf = (environment: Environment) => vaultSourceOf(loadSettings(definition, environment), environment);

  it('is undefined where no server is named', () => {
    expect(sourceOf({})).toBeUndefined();
  });

  it.each<readonly [string, Environment, unknown]>([
    ['kubernetes', KUBERNETES, { address: 'https://vault.internal:8200', auth: { method: 'kubernetes', role: 'api' } }],
    [
      'jwt, with all that may be said',
      {
        ...KUBERNETES,
        VAULT_AUTH_METHOD: 'jwt',
        VAULT_AUTH_MOUNT: 'team/jwt',
        VAULT_JWT_FILE: '/run/secrets/jwt',
        VAULT_NAMESPACE: 'team',
        VAULT_CACERT: '/etc/vault/ca.pem',
      },
      {
        address: 'https://vault.internal:8200',
        namespace: 'team',
        caFile: '/etc/vault/ca.pem',
        auth: { method: 'jwt', mount: 'team/jwt', role: 'api', jwtFile: '/run/secrets/jwt' },
      },
    ],
    [
      'approle',
      { ...APPROLE, VAULT_SECRET_ID_CONTENT: 'wrapped' },
      {
        address: 'https://vault.internal:8200',
        auth: {
          method: 'approle',
          roleId: 'a-role',
          secretId: { file: '/run/secrets/secret-id', content: 'wrapped' },
        },
      },
    ],
  ])('makes the source of %s', (_what, environment, source) => {
    expect(sourceOf(environment)).toEqual(source);
  });

  it("SR-51: keeps a developer's token as a Secret", () => {
    const source = sourceOf(DEVELOPER);
    expect(JSON.stringify(source)).not.toContain('canary');
    expect(source?.auth.method === 'token' && source.auth.token.expose()).toBe('canary-token');
  });

  it('makes sources that the secrets package takes', async () => {
    const { VAULT_SECRET_ID_FILE: _file, ...rest } = APPROLE;
    const environment = { ...IN_VAULT, ...rest, VAULT_SECRET_ID_FILE: '/nowhere/secret-id' };
    const { PASSWORD } = loadSettings(definition, environment);
    const vault = vaultSourceOf(loadSettings(definition, environment), environment);
    if (vault === undefined || PASSWORD === undefined) throw new Error('Both are set');
    const sources = createSecretSources({ environment, mode: 'production', vault });
    const provider = await sources.providerOf(PASSWORD);
    const outcome = provider.read(PASSWORD, { signal: new AbortController().signal });
    const fault: unknown = await outcome.catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'sign-in-failed' });
    expect((fault as SecretError).cause).toBeInstanceOf(SecretError);
    await sources.close();
  });

  it('refuses settings that no rule has seen', () => {
    const settings = { VAULT_ADDR: 'https://vault.internal', VAULT_SECRET_ID_CONTENT: 'plain' } as const;
    expect(() => vaultSourceOf(settings, {})).toThrow('VAULT_AUTH_METHOD is missing');
    expect(() => vaultSourceOf({ ...settings, VAULT_AUTH_METHOD: 'jwt' }, {})).toThrow('VAULT_ROLE is missing');
  });
});

/** Without the names whose value is undefined. */
function present(environment: Readonly<Record<string, string | undefined>>): Environment {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
