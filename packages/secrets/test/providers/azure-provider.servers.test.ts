import { randomUUID } from 'node:crypto';
import { request } from 'node:https';
import { findLowkeyVault, type LowkeyVault } from '@redoubt/testing/contracts/lowkey-vault';
import { describeSecretProvider } from '@redoubt/testing/contracts/secret-provider-contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AzureProvider } from '../../src/providers/azure/azure-provider.ts';
import { networkOfManagedIdentity, type ProxiedSource, traits } from './azure/azure-contract.ts';
import { openCloud, referenceTo, VAULT } from './azure/azure-under-test.ts';

/** Lowkey Vault's key vaults are below it. */
const DOMAIN = 'localhost';

const found = findLowkeyVault();

/** Where it is missing, a warning has said so; nothing is asked of this one. */
const lowkey: LowkeyVault = found ?? { url: 'https://localhost:1', metadataUrl: 'http://localhost:1', ca: '' };

async function open(): Promise<ProxiedSource> {
  const { proxy, cloud } = await openCloud(lowkey, DOMAIN);
  const provider = new AzureProvider({ domain: 'vault.azure.net' }, cloud);
  return {
    provider,
    proxy,
    async close() {
      await provider.close();
      await proxy.close();
    },
  };
}

/** Makes a version of a secret, as the portal does. */
async function put(name: string, secret: object) {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const headers = { host: `${VAULT}.${DOMAIN}`, authorization: 'Bearer any', 'content-type': 'application/json' };
  const options = { method: 'PUT', ca: lowkey.ca, servername: 'localhost', headers, agent: false } as const;
  const outgoing = request(`${lowkey.url}/secrets/${name}?api-version=7.6`, options, (incoming) => {
    incoming.resume().on('end', () => resolve(incoming.statusCode));
  });
  outgoing.on('error', reject).end(JSON.stringify(secret));
  expect(await promise).toBe(200);
  return referenceTo(name);
}

describe.skipIf(found === undefined)('with Lowkey Vault', () => {
  beforeAll(() => {
    vi.stubEnv('AZURE_POD_IDENTITY_AUTHORITY_HOST', lowkey.metadataUrl);
  });

  afterAll(() => {
    vi.unstubAllEnvs();
  });

  describeSecretProvider<'azure-kv', ProxiedSource>('Azure Key Vault', {
    ...traits,
    open,
    store: (_source, name, value) => put(name, { value }),
    // It asks for a token, and takes any.
    deny: undefined,
    network: networkOfManagedIdentity,
  });

  it('SR-51: a version that is disabled is not there', async () => {
    const source = await open();
    const { signal } = new AbortController();
    const name = `disabled-${randomUUID()}`;
    const reference = await put(name, { value: 'old' });
    expect((await source.provider.read(reference, { signal })).text).toBe('old');
    await put(name, { value: 'new', attributes: { enabled: false } });
    await expect(source.provider.read(reference, { signal })).rejects.toMatchObject({ code: 'not-found' });
    await source.close();
  });
});
