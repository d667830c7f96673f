import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

import { readEnvironment } from '@redoubt/config';

import { runCommand } from '../commands/run-command.ts';
import type { DefinedService } from '../define-service.ts';
import type { ServiceSettings } from '../settings/service-settings.ts';
import { developmentEnvironment, localDirectoryOf } from './development-settings.ts';
import { repository } from './repository.ts';
import type { DevelopmentHooks } from './serve-for-development.ts';

export { openEmbeddedDatabase } from './development-adapters.ts';

/** What `dev.ts` starts. */
export interface Development<Settings extends ServiceSettings, Dependencies> {
  /** Loads the service, once the cache of compiled code is on. */
  load(): Promise<DevelopedService<Settings, Dependencies>>;
  /** Settings with what the start makes for itself, in its folder: a key, for instance. */
  complete?(settings: Settings, directory: string): Promise<Settings>;
  /** Before the first request can come; what it answers is told beside the addresses. */
  prepare?(dependencies: Dependencies, directory: string): Promise<readonly string[]>;
}

/** A service, as far as its types matter here. */
type DevelopedService<Settings, Dependencies> = Pick<DefinedService, 'service'> & {
  readonly types?: { readonly settings: Settings; readonly dependencies: Dependencies };
};

/**
 * Runs a service on a developer's machine: `pnpm dev`. Nothing has to be installed or prepared; what it needs it makes in
 * the folder of its state. With `DATABASE_URL` or `VALKEY_URL` set it uses those servers instead of the embedded ones.
 */
export async function develop<Settings extends ServiceSettings, Dependencies>({
  load,
  complete,
  prepare,
}: Development<Settings, Dependencies>): Promise<void> {
  // Types that were stripped and code that was compiled once are not again: a third of a warm start.
  enableCompileCache(join(repository, '.local', 'compile-cache'));
  await runCommand(async () => {
    // Loaded after the cache is on, so that the cache holds it.
    const { serveForDevelopment } = await import('./serve-for-development.ts');
    const { service } = await load();
    // A service is handed the settings and dependencies that it says: its own.
    await serveForDevelopment(service, { complete, prepare } as DevelopmentHooks);
  });
}

/**
 * `pnpm run doctor`: what the self-check says of a development start, or with `NODE_ENV=production` of the settings that the
 * environment holds. `--json` prints it for a machine. Ends with 78 when an error is among the findings.
 */
export async function developDoctor<Settings extends ServiceSettings, Dependencies>({
  load,
  complete,
}: Pick<Development<Settings, Dependencies>, 'load' | 'complete'>): Promise<void> {
  await runCommand(async () => {
    const { doctor } = await import('../commands/doctor.ts');
    const { service } = await load();
    const environment = readEnvironment();
    if (environment['NODE_ENV'] === 'production') return doctor(service, environment);
    return doctor(service, developmentEnvironment(), async (settings) =>
      complete === undefined ? settings : complete(settings as Settings, localDirectoryOf(settings)),
    );
  });
}
