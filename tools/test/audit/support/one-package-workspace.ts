import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type PnpmResult, pnpmIn, type RunPnpm } from '../../../src/audit/run-pnpm.ts';
import { type FakeRegistry, PACKAGE, type RegistryBehaviour, startFakeRegistry } from './fake-registry.ts';

/** A workspace whose lockfile has one package, of a registry that exists for this test. */
export interface OnePackageWorkspace {
  readonly runPnpm: RunPnpm;
  /** From then on nobody answers at its address. */
  stopRegistry(): Promise<void>;
  close(): Promise<void>;
}

export async function openWorkspace(behaviour: RegistryBehaviour): Promise<OnePackageWorkspace> {
  const registry = await startFakeRegistry(behaviour);
  const directory = await mkdtemp(join(tmpdir(), 'audited-'));
  await writeWorkspace(directory, registry);
  const run = pnpmIn(directory);
  return {
    runPnpm: (args): Promise<PnpmResult> =>
      run([...args, `--config.registry=${registry.url}`, '--config.fetch-retries=0']),
    stopRegistry: () => registry.close(),
    close: async () => {
      await registry.close();
      await rm(directory, { recursive: true });
    },
  };
}

async function writeWorkspace(directory: string, { integrity }: FakeRegistry): Promise<void> {
  const { name, version } = PACKAGE;
  await writeFile(
    join(directory, 'package.json'),
    JSON.stringify({ name: 'audited', version: '1.0.0', dependencies: { [name]: version } }),
  );
  await writeFile(join(directory, 'pnpm-workspace.yaml'), 'packages: []\n');
  await writeFile(
    join(directory, 'pnpm-lock.yaml'),
    JSON.stringify({
      lockfileVersion: '9.0',
      importers: { '.': { dependencies: { [name]: { specifier: version, version } } } },
      packages: { [`${name}@${version}`]: { resolution: { integrity } } },
      snapshots: { [`${name}@${version}`]: {} },
    }),
  );
}
