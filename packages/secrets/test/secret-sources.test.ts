import { join } from 'node:path';
import { startChild } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';
import { createSecretSources, parseSecretReference } from '../src/index.ts';

/** The packages that a process loads when it asks for the providers of these references. */
async function packagesLoadedFor(...references: readonly string[]): Promise<unknown> {
  const child = startChild(join(import.meta.dirname, 'fixtures/loaded-modules.ts'), {}, references);
  expect([await child.exited, child.output()]).toEqual([0, expect.stringMatching(/^\[.*\]\n$/)]);
  return JSON.parse(child.output());
}

describe('the sources of secrets', () => {
  it('SR-51: load no package of anybody for files', async () => {
    expect(await packagesLoadedFor('file:///run/secrets/a', 'file:///run/secrets/b')).toEqual([]);
  });

  it('load the SDK of AWS when a reference names it', async () => {
    expect(await packagesLoadedFor('aws-sm://name')).toContain('@aws-sdk/client-secrets-manager');
  });

  it('have one provider for all references of a scheme', async () => {
    const sources = createSecretSources({ environment: {}, mode: 'production' });
    const [one, other] = await Promise.all(
      ['aws-sm://one', 'aws-sm://other#field'].map((text) => sources.providerOf(parseSecretReference(text))),
    );
    expect(one).toBe(other);
    await sources.close();
  });
});
