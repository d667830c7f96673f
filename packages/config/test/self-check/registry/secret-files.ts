import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createSecretSources,
  parseSecretReference,
  type SecretProvider,
  type SecretReading,
  type SecretSources,
} from '@redoubt/secrets';
import {
  createSecretReader,
  type Finding,
  runSelfCheck,
  type SampleValues,
  type SecretCheckContext,
  secretChecks,
  type SecretUse,
} from '../../../src/index.ts';

/** What the owner may do, and nobody else. */
const OWNER_ONLY = 0o400;

/** A clock of the tests: files that a test writes are younger. */
export const NOW_MS = Date.parse('2100-01-01T00:00:00Z');

/** A value that no rule finds wrong, another at each call. */
export function soundSecret(): string {
  return randomBytes(48).toString('base64');
}

/** No value is a sample. */
export const noSamples: SampleValues = { isSampleValue: () => false };

/** Runs a test in a folder of its own that is gone afterwards. */
export async function inFolder<Result>(run: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'self-check-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes a secret to a file and gives its path. */
export async function writeSecret(folder: string, content: string | Uint8Array, mode = OWNER_ONLY): Promise<string> {
  const path = join(folder, randomBytes(8).toString('hex'));
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

/** A password in a file, as a use of the setting `DATABASE_PASSWORD`. */
export function passwordAt(
  path: string,
  kind: 'password' | 'symmetric key' | 'foreign password' = 'password',
): SecretUse {
  return { setting: 'DATABASE_PASSWORD', kind, reference: parseSecretReference(pathToFileURL(path).href) };
}

/** Sources that give the same document for every reference, and count how often they are asked. */
export function sourcesOf(reading: SecretReading): SecretSources & { readonly reads: () => number } {
  let reads = 0;
  const provider: SecretProvider = {
    scheme: 'vault',
    read() {
      reads += 1;
      return Promise.resolve(reading);
    },
  };
  return {
    providerOf: <S extends SecretProvider['scheme']>() => Promise.resolve(provider as unknown as SecretProvider<S>),
    close: () => Promise.resolve(),
    reads: () => reads,
  };
}

/** What the checks of some secrets find, over the real sources. */
export async function findingsOfSecrets(
  uses: readonly SecretUse[],
  context: Partial<SecretCheckContext> = {},
): Promise<readonly Finding[]> {
  const sources = createSecretSources({ environment: {}, mode: 'production' });
  const checks = secretChecks(uses, {
    read: createSecretReader(sources),
    loadSampleValues: () => Promise.resolve(noSamples),
    now: () => NOW_MS,
    ...context,
  });
  const report = await runSelfCheck({ checks, mode: 'production', now: () => NOW_MS });
  return report.findings;
}
