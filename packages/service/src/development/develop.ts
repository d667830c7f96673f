import { enableCompileCache } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';

import { readEnvironment } from '@redoubt/config';

import { runCommand } from '../commands/run-command.ts';
import type { DefinedService } from '../define-service.ts';
import type { ServiceSettings } from '../settings/service-settings.ts';
import { developmentEnvironment, localDirectoryOf } from './development-settings.ts';
import { databaseDirectoryOf } from './database-directory.ts';
import { repository } from './repository.ts';
import type { DevelopmentHooks } from './serve-for-development.ts';

/** What `dev.ts` starts. */
export interface Development<Settings extends ServiceSettings, Dependencies> {
  /** `dev.ts` itself: the sources beside it are watched. Absent: this process serves, and nobody watches. */
  readonly entry?: string;
  /** Where the state is unless LOCAL_DIRECTORY says otherwise; the same as in the settings. Default: `.local`. */
  readonly directory?: string;
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
 * the folder of its state. With `DATABASE_URL` or `VALKEY_URL` set it uses those servers instead of the embedded ones. A
 * change of the sources starts the service anew (decision 031).
 */
export async function develop<Settings extends ServiceSettings, Dependencies>(
  development: Development<Settings, Dependencies>,
): Promise<void> {
  // Types that were stripped and code that was compiled once are not again: a third of a warm start.
  enableCompileCache(join(repository, '.local', 'compile-cache'));
  await runCommand(async () => {
    // A process that was forked has a channel to whoever did: the supervisor, which this file is the first time.
    const { entry, directory } = development;
    if (entry === undefined || process.send !== undefined) await serve(development);
    else process.exitCode = await superviseDevelopment(entry, directory);
  });
}

/** Loads nothing of the service: the two start at the same time. */
async function superviseDevelopment(entry: string, directory = '.local'): Promise<number> {
  const { supervise } = await import('../../supervisor/supervise.ts');
  const { sourcesOf } = await import('../../supervisor/sources-of.ts');
  const environment = readEnvironment();
  const { DATABASE_URL: url, LOCAL_DIRECTORY: state = directory } = environment;
  return supervise({
    entry,
    environment,
    watched: await sourcesOf(repository, dirname(entry)),
    ...(url === undefined ? { databaseDirectory: databaseDirectoryOf(resolve(repository, state)) } : {}),
  });
}

async function serve<Settings extends ServiceSettings, Dependencies>({
  load,
  complete,
  prepare,
}: Development<Settings, Dependencies>): Promise<void> {
  // Loaded after the cache is on, so that the cache holds it.
  const { serveForDevelopment } = await import('./serve-for-development.ts');
  const { service } = await load();
  // A service is handed the settings and dependencies that it says: its own.
  await serveForDevelopment(service, { complete, prepare } as DevelopmentHooks);
}

/**
 * `pnpm run doctor`: what the self-check says of a development start, or with `NODE_ENV=production` of the settings that the
 * environment holds; `--profile <name>` looks at those, too, and holds them against a profile of deploy/profiles. `--json`
 * prints it for a machine. Ends with 78 when an error is among the findings, or the settings are not as the profile wants.
 */
export async function developDoctor<Settings extends ServiceSettings, Dependencies>({
  load,
  complete,
}: Pick<Development<Settings, Dependencies>, 'load' | 'complete'>): Promise<void> {
  await runCommand(async () => {
    const { doctor } = await import('../commands/doctor.ts');
    const { service } = await load();
    const environment = readEnvironment();
    // A profile is about production: what a developer's start would add has no place in it.
    if (environment['NODE_ENV'] === 'production' || process.argv.includes('--profile'))
      return doctor(service, environment);
    return doctor(service, developmentEnvironment(), async (settings) =>
      complete === undefined ? settings : complete(settings as Settings, localDirectoryOf(settings)),
    );
  });
}
