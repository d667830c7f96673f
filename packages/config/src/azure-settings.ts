import {
  type AzureSourceOptions,
  type AzureVaultDomain,
  azureVaultDomains,
  type SecretReference,
} from '@redoubt/secrets';
import { type TString, Type } from '@sinclair/typebox';
import type { SettingsRule } from './define-settings.ts';
import { choiceSetting } from './setting-builders.ts';
import { refusedSetting } from './setting-fault.ts';
import { staticCredentials } from './static-credentials.ts';

/** Ids of Entra ID (RFC 9562, section 4). */
function idSetting(description: string): TString {
  return Type.String({
    description,
    maxLength: 36,
    pattern: '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$',
  });
}

/** What a service needs to say of Azure, to be spread into its schema; the names are those that Azure itself uses. */
export const azureSettings = {
  AZURE_KEY_VAULT_DOMAIN: choiceSetting(azureVaultDomains, {
    description: 'Domain of the key vaults: which cloud they are in',
    default: 'vault.azure.net',
  }),
  AZURE_CLIENT_ID: Type.Optional(
    idSetting('User-assigned managed identity, or application of the workload; absent: the system-assigned identity'),
  ),
  AZURE_TENANT_ID: Type.Optional(idSetting('Tenant of the workload identity')),
  AZURE_FEDERATED_TOKEN_FILE: Type.Optional(
    Type.String({
      description: 'Token of the Kubernetes service account, for a workload identity; absent: a managed identity',
      pattern: '^/',
      minLength: 1,
      maxLength: 4096,
    }),
  ),
};

/** The same, loaded. */
interface AzureValues {
  readonly AZURE_KEY_VAULT_DOMAIN: AzureVaultDomain;
  readonly AZURE_CLIENT_ID?: string | undefined;
  readonly AZURE_TENANT_ID?: string | undefined;
  readonly AZURE_FEDERATED_TOKEN_FILE?: string | undefined;
}

/** What `createSecretSources` takes as `azure`. */
export function azureSourceOf(settings: AzureValues): AzureSourceOptions {
  const {
    AZURE_KEY_VAULT_DOMAIN: domain,
    AZURE_CLIENT_ID: clientId,
    AZURE_TENANT_ID: tenantId,
    AZURE_FEDERATED_TOKEN_FILE: tokenFile,
  } = settings;
  if (clientId === undefined) return { domain };
  if (tenantId === undefined || tokenFile === undefined) return { domain, clientId };
  return { domain, workload: { tenantId, clientId, tokenFile } };
}

/** Refuses a workload identity of which a part is missing: without this rule, another identity would sign in. */
export const incompleteAzureWorkload: SettingsRule<Partial<Omit<AzureValues, 'AZURE_KEY_VAULT_DOMAIN'>>> = (
  settings,
) => {
  if (settings.AZURE_FEDERATED_TOKEN_FILE === undefined) return undefined;
  const missing = (['AZURE_TENANT_ID', 'AZURE_CLIENT_ID'] as const).find((name) => settings[name] === undefined);
  if (missing === undefined) return undefined;
  return refusedSetting(
    'RD-036',
    missing,
    'an id, beside AZURE_FEDERATED_TOKEN_FILE',
    'Set it, or remove the token file.',
  );
};

/**
 * Refuses static credentials of Azure in the environment where one of these secrets is in a key vault (SR-51): a secret
 * that opens all others. They are not used in any case; that they are there is the fault.
 */
export function staticAzureCredentials<Name extends string>(
  ...names: readonly Name[]
): SettingsRule<{ readonly [N in Name]: SecretReference | undefined }> {
  return (settings, environment) => {
    if (!names.some((name) => settings[name]?.scheme === 'azure-kv')) return undefined;
    const found = staticCredentials.azure.find((name) => (environment[name] ?? '') !== '');
    if (found === undefined) return undefined;
    return refusedSetting(
      'RD-048',
      found,
      'no static credential',
      'Remove it: give the service a managed or workload identity.',
    );
  };
}
