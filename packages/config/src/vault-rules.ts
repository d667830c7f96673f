import type { SecretReference, VaultAuth } from '@redoubt/secrets';
import type { NodeEnvironment, SettingsRule } from './define-settings.ts';
import type { Environment } from './environment.ts';
import { developmentOnly, plainHttp, refuseInProduction } from './production-rules.ts';
import { refusedSetting, type SettingFault } from './setting-fault.ts';
import type { VaultSettings } from './vault-settings.ts';

type VaultSettingName = keyof VaultSettings;

/** Every setting by its name, as rules see them. */
type VaultView = { readonly [Name in keyof Required<VaultSettings>]: VaultSettings[Name] };
type VaultRule = SettingsRule<VaultView & { readonly NODE_ENV: NodeEnvironment }>;

/** The settings that each method needs beside the address, each with an example. */
const NEEDED: Readonly<Record<VaultAuth['method'], Readonly<Partial<Record<VaultSettingName, string>>>>> = {
  kubernetes: { VAULT_ROLE: 'api' },
  jwt: { VAULT_ROLE: 'api', VAULT_JWT_FILE: '/run/secrets/vault-jwt' },
  approle: { VAULT_ROLE_ID: 'the id that the role has', VAULT_SECRET_ID_FILE: '/run/secrets/vault-secret-id' },
  token: {},
};

/** Names that a method may need, in the order in which a person fills them in. */
const NEEDED_NAMES = ['VAULT_ROLE', 'VAULT_JWT_FILE', 'VAULT_ROLE_ID', 'VAULT_SECRET_ID_FILE'] as const;

/**
 * The rules of `vaultSettings` (SR-51, SR-53): they are whole where a secret is a `vault://` reference, each setting
 * that is missing is named, and what is for development does not reach production.
 */
export const vaultRules: readonly VaultRule[] = [
  needed('VAULT_ADDR', 'https://vault.internal:8200', namesVault),
  needed('VAULT_AUTH_METHOD', 'kubernetes', (settings) => namesVault(settings) || settings.VAULT_ADDR !== undefined),
  ...NEEDED_NAMES.map((name) => neededByMethod(name)),
  neededToken,
  httpBeyondLoopback,
  ...refuseInProduction(
    plainHttp('VAULT_ADDR'),
    developmentOnly('VAULT_AUTH_METHOD', ['token'], 'Sign in by kubernetes, jwt or approle.'),
    tokenInEnvironment,
  ),
];

/** Refuses that a setting is absent where something needs it. */
function needed(name: VaultSettingName, example: string, isNeeded: (settings: VaultView) => boolean): VaultRule {
  return (settings) =>
    isNeeded(settings) && settings[name] === undefined
      ? refusedSetting(
          'RD-036',
          name,
          `a value such as ${example}`,
          `Set ${name}: secrets of this service are in Vault.`,
        )
      : undefined;
}

function neededByMethod(name: (typeof NEEDED_NAMES)[number]): VaultRule {
  return (settings) => {
    const { VAULT_AUTH_METHOD: method } = settings;
    const example = method === undefined ? undefined : NEEDED[method][name];
    if (method === undefined || example === undefined || settings[name] !== undefined) return undefined;
    return refusedSetting(
      'RD-036',
      name,
      `a value such as ${example}`,
      `Set ${name}: signing in by ${method} needs it.`,
    );
  };
}

/** Refuses the method that is a developer's own token, where there is none. */
function neededToken(settings: VaultView, environment: Environment): SettingFault | undefined {
  if (settings.VAULT_AUTH_METHOD !== 'token' || (environment['VAULT_TOKEN'] ?? '') !== '') return undefined;
  return refusedSetting(
    'RD-036',
    'VAULT_AUTH_METHOD',
    'a method that can sign in',
    'Set VAULT_TOKEN, or choose another method.',
  );
}

/** Refuses plain http that leaves the machine, on a developer's as well (SR-28). */
function httpBeyondLoopback({ VAULT_ADDR: address }: VaultView): SettingFault | undefined {
  if (address === undefined || !/^http:/i.test(address)) return undefined;
  return /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(address)
    ? undefined
    : refusedSetting(
        'RD-007',
        'VAULT_ADDR',
        'https, or http to the loopback',
        'Use https: secrets would cross the network.',
      );
}

/** Refuses a token of Vault among the variables, whichever method is used: it is a secret (SR-51). */
function tokenInEnvironment(_settings: unknown, environment: Environment): SettingFault | undefined {
  return Object.hasOwn(environment, 'VAULT_TOKEN')
    ? refusedSetting(
        'RD-048',
        'VAULT_TOKEN',
        'no token in the environment',
        'Remove it: the service signs in by itself.',
      )
    : undefined;
}

/** Whether any setting is a reference to Vault. */
function namesVault(settings: object): boolean {
  return Object.keys(settings).some((name) => schemeOf(settings, name) === 'vault');
}

function schemeOf(settings: object, name: string): SecretReference['scheme'] | undefined {
  let value: unknown;
  try {
    value = (settings as Readonly<Record<string, unknown>>)[name];
  } catch {
    // A setting with a fault of its own has no value to judge; that fault is reported.
    return undefined;
  }
  return typeof value === 'object' && value !== null && 'scheme' in value
    ? (value as SecretReference).scheme
    : undefined;
}
