import type { LookupFunction } from 'node:net';
import type { AzureVaultDomain } from './azure-source-options.ts';

/** How a cloud is reached. The public ones are made by {@link azureCloudOf}; tests have one of their own. */
export interface AzureCloud {
  /** Without a slash at its end. */
  readonly vaultUrlOf: (vault: string) => string;
  /** Where Entra ID signs workloads in. */
  readonly authorityHost: string;
  /** `private`: the authority is none of Microsoft's, and is not looked up among those. */
  readonly authorityKind: 'public' | 'private';
  /** Authorities for TLS in place of the system's, in PEM. */
  readonly ca?: string;
  /** In place of the system's resolver. */
  readonly lookup?: LookupFunction;
}

/** Entra ID of each cloud: a token of one is worth nothing in another (Azure documentation, "National clouds"). */
const authorityHosts: Readonly<Record<AzureVaultDomain, string>> = {
  'vault.azure.net': 'https://login.microsoftonline.com',
  'vault.azure.cn': 'https://login.chinacloudapi.cn',
  'vault.usgovcloudapi.net': 'https://login.microsoftonline.us',
};

/** The cloud whose key vaults are below a domain. */
export function azureCloudOf(domain: AzureVaultDomain): AzureCloud {
  return {
    vaultUrlOf: (vault) => `https://${vault}.${domain}`,
    authorityHost: authorityHosts[domain],
    authorityKind: 'public',
  };
}
