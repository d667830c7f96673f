import { describe, expect, it } from 'vitest';
import { azureVaultDomains } from '../../../src/index.ts';
import { azureCloudOf } from '../../../src/providers/azure/azure-cloud.ts';

describe('the clouds of Azure', () => {
  it('have their key vaults and their Entra ID each, by TLS and the authorities of the system', () => {
    const clouds = azureVaultDomains.map(azureCloudOf);
    expect(clouds.map(({ vaultUrlOf, authorityHost }) => [vaultUrlOf('redoubt'), authorityHost])).toEqual([
      ['https://redoubt.vault.azure.net', 'https://login.microsoftonline.com'],
      ['https://redoubt.vault.azure.cn', 'https://login.chinacloudapi.cn'],
      ['https://redoubt.vault.usgovcloudapi.net', 'https://login.microsoftonline.us'],
    ]);
    expect(clouds.every(({ ca, lookup, authorityKind }) => !ca && !lookup && authorityKind === 'public')).toBe(true);
  });
});
