import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeSecretProvider, type SourceUnderTest } from '@redoubt/testing/contracts/secret-provider-contract';
import { parseSecretReference, type SecretReference } from '../../src/index.ts';
import { FileProvider } from '../../src/providers/file-provider.ts';

interface FolderUnderTest extends SourceUnderTest<'file'> {
  readonly folder: string;
}

function referenceTo({ folder }: FolderUnderTest, name: string): SecretReference<'file'> {
  return parseSecretReference(pathToFileURL(join(folder, name)).href) as SecretReference<'file'>;
}

/** A new version takes the place of the old one in one step, as Kubernetes and every careful writer do it. */
async function put(source: FolderUnderTest, name: string, content: string | Uint8Array) {
  const path = join(source.folder, name);
  await writeFile(`${path}.new`, content, { mode: 0o400 });
  await rename(`${path}.new`, path);
  return referenceTo(source, name);
}

describeSecretProvider<'file', FolderUnderTest>('files', {
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'secrets-contract-'));
    return { provider: new FileProvider(), folder, close: () => rm(folder, { recursive: true }) };
  },
  store: put,
  absent: referenceTo,
  fields: 'none',
  versions: 'not told',
  creationTimes: 'told',
  storeBinary: put,
  deny: undefined,
  storePending: undefined,
  storeLeased: undefined,
  network: undefined,
});
