import { Secret, type VaultAuth, type VaultSourceOptions } from '@redoubt/secrets';
import { type TString, Type } from '@sinclair/typebox';
import type { Environment } from './environment.ts';
import { choiceSetting, originSetting } from './setting-builders.ts';

/** Longest path of a file: what Linux allows. */
const MAX_PATH_CHARACTERS = 4096;

/** Longest name of a role, and id of one: a UUID has 36 characters, and nobody's own id more than this. */
const MAX_NAME_CHARACTERS = 256;

/** Segments without encoding and without dot segments, as a header and a path take them. */
const PATH = '^(?!.*(?:^|/)\\.{1,2}(?:/|$))[A-Za-z0-9_.-]{1,128}(?:/[A-Za-z0-9_.-]{1,128}){0,15}$';

/**
 * Where Vault or OpenBao is and how the service signs in to it: to be spread into the schema of a service whose secrets
 * may be `vault://` references. The names are those of Vault's own tools, where these have one.
 */
export const vaultSettings = {
  VAULT_ADDR: Type.Optional(
    originSetting({ description: 'Vault or OpenBao; needed where a secret is a vault:// reference' }),
  ),
  VAULT_NAMESPACE: Type.Optional(pathSetting('Namespace of the service in Vault; absent: the root namespace')),
  VAULT_CACERT: Type.Optional(fileSetting('Authorities that Vault is believed by (PEM); absent: the public ones')),
  VAULT_AUTH_METHOD: Type.Optional(
    choiceSetting(['kubernetes', 'approle', 'jwt', 'token'], {
      description: 'How the service signs in to Vault; token: by VAULT_TOKEN, in development only',
    }),
  ),
  VAULT_AUTH_MOUNT: Type.Optional(pathSetting('Where that method is enabled; absent: under its own name')),
  VAULT_ROLE: Type.Optional(nameSetting('Role to sign in for by kubernetes or jwt')),
  VAULT_JWT_FILE: Type.Optional(
    fileSetting("Token to sign in with by kubernetes or jwt; absent for kubernetes: the service account's"),
  ),
  VAULT_ROLE_ID: Type.Optional(nameSetting('Role id to sign in with by approle; no secret')),
  VAULT_SECRET_ID_FILE: Type.Optional(fileSetting('Secret id to sign in with by approle; mode 0400 or 0440')),
  VAULT_SECRET_ID_CONTENT: choiceSetting(['plain', 'wrapped'], {
    description: 'Whether that file has the secret id, or a wrapping token that gives it once',
    default: 'plain',
  }),
};

/** The loaded values of {@link vaultSettings}. */
export interface VaultSettings {
  readonly VAULT_ADDR?: string | undefined;
  readonly VAULT_NAMESPACE?: string | undefined;
  readonly VAULT_CACERT?: string | undefined;
  readonly VAULT_AUTH_METHOD?: VaultAuth['method'] | undefined;
  readonly VAULT_AUTH_MOUNT?: string | undefined;
  readonly VAULT_ROLE?: string | undefined;
  readonly VAULT_JWT_FILE?: string | undefined;
  readonly VAULT_ROLE_ID?: string | undefined;
  readonly VAULT_SECRET_ID_FILE?: string | undefined;
  readonly VAULT_SECRET_ID_CONTENT: 'plain' | 'wrapped';
}

/**
 * The source of `vault://` references, as loaded settings describe it that have passed `vaultRules`; undefined where
 * they name no server.
 *
 * @throws {TypeError} for settings that have not.
 */
export function vaultSourceOf(settings: VaultSettings, environment: Environment): VaultSourceOptions | undefined {
  const { VAULT_ADDR: address, VAULT_NAMESPACE: namespace, VAULT_CACERT: caFile } = settings;
  if (address === undefined) return undefined;
  return {
    address,
    ...(namespace === undefined ? {} : { namespace }),
    ...(caFile === undefined ? {} : { caFile }),
    auth: authOf(settings, environment),
  };
}

function authOf(settings: VaultSettings, environment: Environment): VaultAuth {
  const { VAULT_AUTH_METHOD: method, VAULT_AUTH_MOUNT, VAULT_SECRET_ID_CONTENT: content } = settings;
  const mount = VAULT_AUTH_MOUNT === undefined ? {} : { mount: VAULT_AUTH_MOUNT };
  switch (method) {
    case 'kubernetes': {
      const { VAULT_JWT_FILE: jwtFile } = settings;
      const role = given(settings, 'VAULT_ROLE');
      return { method, ...mount, role, ...(jwtFile === undefined ? {} : { jwtFile }) };
    }
    case 'jwt':
      return { method, ...mount, role: given(settings, 'VAULT_ROLE'), jwtFile: given(settings, 'VAULT_JWT_FILE') };
    case 'approle': {
      const secretId = { file: given(settings, 'VAULT_SECRET_ID_FILE'), content };
      return { method, ...mount, roleId: given(settings, 'VAULT_ROLE_ID'), secretId };
    }
    case 'token':
      return { method, token: Secret.of(environment['VAULT_TOKEN'] ?? '') };
    case undefined:
      throw new TypeError('VAULT_AUTH_METHOD is missing: the settings were loaded without vaultRules');
  }
}

function given(
  settings: VaultSettings,
  name: 'VAULT_ROLE' | 'VAULT_JWT_FILE' | 'VAULT_ROLE_ID' | 'VAULT_SECRET_ID_FILE',
): string {
  const { [name]: value } = settings;
  if (value === undefined) throw new TypeError(`${name} is missing: the settings were loaded without vaultRules`);
  return value;
}

function fileSetting(description: string): TString {
  return Type.String({ description, pattern: '^/', maxLength: MAX_PATH_CHARACTERS });
}

function pathSetting(description: string): TString {
  return Type.String({ description, pattern: PATH });
}

function nameSetting(description: string): TString {
  return Type.String({ description, minLength: 1, maxLength: MAX_NAME_CHARACTERS });
}
