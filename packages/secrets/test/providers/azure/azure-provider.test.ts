import { describeSecretProvider } from '@redoubt/testing/contracts/secret-provider-contract';
import { afterAll, beforeAll, vi } from 'vitest';
import type { SecretReference } from '../../../src/index.ts';
import { network, networkOfManagedIdentity, traits } from './azure-contract.ts';
import { type AzureUnderTest, openAzure, referenceTo, VAULT, workloadOf } from './azure-under-test.ts';
import { KeyVaultDouble } from './key-vault-double.ts';

const azure = new KeyVaultDouble();

beforeAll(async () => {
  await azure.listen();
  vi.stubEnv('AZURE_POD_IDENTITY_AUTHORITY_HOST', azure.metadataUrl);
});

afterAll(() => {
  vi.unstubAllEnvs();
  azure.close();
});

const contract = {
  ...traits,
  store(_source: AzureUnderTest, name: string, text: string) {
    azure.put(VAULT, name, text);
    return Promise.resolve(referenceTo(name));
  },
  deny(_source: AzureUnderTest, { name }: SecretReference<'azure-kv'>) {
    azure.deny(VAULT, name);
    return Promise.resolve();
  },
};

describeSecretProvider<'azure-kv', AzureUnderTest>('Azure Key Vault, as a workload', {
  ...contract,
  open: () => openAzure(azure, (folder) => workloadOf(azure, folder)),
  network,
});

describeSecretProvider<'azure-kv', AzureUnderTest>('Azure Key Vault, as a managed identity', {
  ...contract,
  open: () => openAzure(azure, () => ({ clientId: azure.clientId })),
  network: networkOfManagedIdentity,
});
