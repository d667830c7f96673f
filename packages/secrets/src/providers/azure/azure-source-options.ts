/** Domains of key vaults: one for each cloud (Azure documentation, "Azure Key Vault DNS suffixes"). */
export const azureVaultDomains = ['vault.azure.net', 'vault.azure.cn', 'vault.usgovcloudapi.net'] as const;

/** The domain of the key vaults of one cloud. */
export type AzureVaultDomain = (typeof azureVaultDomains)[number];

/** A Kubernetes service account that an identity of Entra ID trusts (workload identity federation). */
export interface AzureWorkload {
  readonly tenantId: string;
  /** The identity's application. */
  readonly clientId: string;
  /** Where the cluster keeps the account's token; read again for each sign-in, for it is short-lived. */
  readonly tokenFile: string;
}

/** Where Azure Key Vault is, and who the service is there. */
export interface AzureSourceOptions {
  readonly domain: AzureVaultDomain;
  /** The user-assigned managed identity; absent: the system-assigned one. Not looked at where there is a workload. */
  readonly clientId?: string;
  /** Absent: the managed identity of the machine. */
  readonly workload?: AzureWorkload;
}
