import { createManualClock } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_SECRET_BYTES, SecretError } from '../../../src/index.ts';
import { type AzureUnderTest, openAzure, referenceTo, VAULT, workloadOf } from './azure-under-test.ts';
import { type Attributes, KeyVaultDouble } from './key-vault-double.ts';

const azure = new KeyVaultDouble();
const clock = createManualClock(Date.now());
const { signal } = new AbortController();
let source: AzureUnderTest;

beforeAll(async () => {
  await azure.listen();
  source = await openAzure(azure, (folder) => workloadOf(azure, folder), clock.now);
});

afterAll(async () => {
  await source.close();
  azure.close();
});

const nowSeconds = () => Math.floor(clock.now() / 1000);

async function outcomeOf(name: string): Promise<unknown> {
  return source.provider.read(referenceTo(name), { signal }).then(
    ({ text }) => text,
    (error: unknown) => (error instanceof SecretError ? error.code : error),
  );
}

describe('the current version of a secret', () => {
  const versions: readonly (readonly [string, () => Attributes])[] = [
    ['that is disabled', () => ({ enabled: false })],
    ['that has expired', () => ({ exp: nowSeconds() })],
    ['that expired in 1970', () => ({ exp: 0 })],
    ['that is not valid yet', () => ({ nbf: nowSeconds() + 2 })],
  ];
  for (const [what, attributesOf] of versions) {
    it(`SR-51: ${what} is not there, and the version before it does not come back`, async () => {
      const name = what.replaceAll(' ', '-');
      azure.put(VAULT, name, 'old');
      expect(await outcomeOf(name)).toBe('old');
      azure.put(VAULT, name, 'new', attributesOf());
      expect(await outcomeOf(name)).toBe('not-found');
    });
  }

  it('begins and ends when it says', async () => {
    azure.put(VAULT, 'timed', 'value', { nbf: nowSeconds() + 60, exp: nowSeconds() + 120 });
    expect(await outcomeOf('timed')).toBe('not-found');
    clock.advance(60_000);
    expect(await outcomeOf('timed')).toBe('value');
    clock.advance(60_000);
    expect(await outcomeOf('timed')).toBe('not-found');
  });

  it.each(['', ' ', '\n\t'])('SR-51: without a text is empty: %j', async (text) => {
    azure.put(VAULT, 'blank', text);
    expect(await outcomeOf('blank')).toBe('empty');
  });

  it('SR-51: is measured in bytes, not characters', async () => {
    azure.put(VAULT, 'long', 'é'.repeat(MAX_SECRET_BYTES / 2));
    expect(await outcomeOf('long')).toHaveLength(MAX_SECRET_BYTES / 2);
    azure.put(VAULT, 'long', `${'é'.repeat(MAX_SECRET_BYTES / 2)}a`);
    expect(await outcomeOf('long')).toBe('too-large');
  });

  it('is taken whole though each of its characters takes six bytes on the wire', async () => {
    azure.put(VAULT, 'escaped', `a${'\u0001'.repeat(MAX_SECRET_BYTES - 1)}`);
    expect(await outcomeOf('escaped')).toHaveLength(MAX_SECRET_BYTES);
  });
});
