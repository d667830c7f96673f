import { join } from 'node:path';
import { createCanary, startChild } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';
import { createSecretSources, parseSecretReference } from '../../../src/index.ts';

const fixture = (name: string) => join(import.meta.dirname, '../../fixtures', name);

async function packagesLoadedFor(...references: readonly string[]): Promise<unknown> {
  const child = startChild(fixture('azure-packages.ts'), {}, references);
  expect(await child.exited).toBe(0);
  return JSON.parse(child.output());
}

describe('a process', () => {
  it('that names no key vault loads nothing of the SDK of Azure', async () => {
    expect(await packagesLoadedFor('file:///run/secrets/a', 'file:///run/secrets/b')).toEqual([]);
  });

  it('that names one loads it', async () => {
    expect(await packagesLoadedFor('azure-kv://redoubt/name')).toEqual(
      expect.arrayContaining(['@azure/keyvault-secrets', '@azure/identity']),
    );
  });

  it('SR-51: writes nothing of what it reads, whatever the environment has the SDK log, and ends by itself', async () => {
    const loud = { AZURE_LOG_LEVEL: 'verbose', TYPESPEC_RUNTIME_LOG_LEVEL: 'verbose', DEBUG: '*' };
    const child = startChild(fixture('azure-words.ts'), loud, [createCanary()]);
    expect(await child.exited).toBe(0);
    expect(child.output()).toBe('6 of 12 were refused');
  });
});

describe('the sources of secrets', () => {
  it('SR-51: have no key vaults where the settings do not say where they are', async () => {
    const sources = createSecretSources({ environment: {}, mode: 'production' });
    const reference = parseSecretReference('azure-kv://redoubt/name#field');
    await expect(sources.providerOf(reference)).rejects.toMatchObject({
      code: 'not-configured',
      reference: 'azure-kv://redoubt/name',
    });
    await sources.close();
  });

  it('have one provider for all key vaults', async () => {
    const sources = createSecretSources({ environment: {}, mode: 'production', azure: { domain: 'vault.azure.cn' } });
    const [one, other] = await Promise.all(
      ['azure-kv://redoubt/one', 'azure-kv://another/other'].map((text) =>
        sources.providerOf(parseSecretReference(text)),
      ),
    );
    expect(one).toBe(other);
    await sources.close();
  });
});
