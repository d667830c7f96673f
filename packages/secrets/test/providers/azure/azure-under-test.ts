import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFaultProxy, createTestAuthority, type FaultProxy, SERVER_AUTHENTICATION } from '@redoubt/testing';
import type { SourceUnderTest } from '@redoubt/testing/contracts/secret-provider-contract';
import { parseSecretReference, type SecretReference } from '../../../src/index.ts';
import type { AzureCloud } from '../../../src/providers/azure/azure-cloud.ts';
import { AzureProvider } from '../../../src/providers/azure/azure-provider.ts';
import type { AzureSourceOptions } from '../../../src/providers/azure/azure-source-options.ts';
import { DOMAIN, type KeyVaultDouble, LOGIN_HOST } from './key-vault-double.ts';

/** The one key vault of the tests. */
export const VAULT = 'redoubt';

/** Nothing of it leaves the machine, whatever the name. */
const toLoopback: LookupFunction = (_host, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

/** A provider, the double behind it, and the proxy between them. */
export interface AzureUnderTest extends SourceUnderTest<'azure-kv'> {
  readonly provider: AzureProvider;
  readonly proxy: FaultProxy;
  readonly azure: KeyVaultDouble;
  readonly cloud: AzureCloud;
}

/** What a reference to a secret of the tests' vault is written as. */
export function referenceTo(name: string): SecretReference<'azure-kv'> {
  return parseSecretReference(`azure-kv://${VAULT}/${name}`) as SecretReference<'azure-kv'>;
}

/** Starts a proxy that presents these names, and the cloud that leads to it. */
export async function openCloud(
  upstream: { readonly url: string; readonly ca?: string },
  domain: string,
): Promise<{ readonly proxy: FaultProxy; readonly cloud: AzureCloud }> {
  const authority = createTestAuthority();
  const names = [`${VAULT}.${domain}`, `login.${domain}`].map((value) => ({ kind: 'dns', value }) as const);
  const proxy = await createFaultProxy({
    upstream,
    tls: authority.issue({ usages: [SERVER_AUTHENTICATION], names }),
  });
  const cloud: AzureCloud = {
    vaultUrlOf: (vault) => `https://${vault}.${domain}:${proxy.port}`,
    authorityHost: `https://login.${domain}:${proxy.port}`,
    authorityKind: 'private',
    ca: authority.certificate,
    lookup: toLoopback,
  };
  return { proxy, cloud };
}

/** Opens a provider that signs in at the double by the identity that the options make of it. */
export async function openAzure(
  azure: KeyVaultDouble,
  optionsOf: (folder: string) => Omit<AzureSourceOptions, 'domain'>,
  now: () => number = Date.now,
): Promise<AzureUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'azure-'));
  await writeFile(join(folder, 'token'), `${azure.federatedToken}\n`, { mode: 0o400 });
  const { proxy, cloud } = await openCloud({ url: azure.url }, DOMAIN);
  const provider = new AzureProvider({ domain: 'vault.azure.net', ...optionsOf(folder) }, cloud, now);
  return {
    provider,
    proxy,
    azure,
    cloud,
    async close() {
      await provider.close();
      await proxy.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A workload whose token is in that folder. */
export function workloadOf({ tenantId, clientId }: KeyVaultDouble, folder: string) {
  return { workload: { tenantId, clientId, tokenFile: join(folder, 'token') } };
}

/** Whether a request is one of Entra ID's: the others are of a key vault. */
export function isLogin({ headers }: { readonly headers: { readonly host?: string | undefined } }): boolean {
  return headers.host?.startsWith(LOGIN_HOST) === true;
}
