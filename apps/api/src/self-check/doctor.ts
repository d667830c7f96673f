import process from 'node:process';

import {
  colourFor,
  compareProfile,
  type ComparedProfile,
  type Environment,
  exitCodeWith,
  loadSettings,
  type NodeEnvironment,
  readEnvironment,
  renderProfile,
  renderReport,
  reportDocument,
  runSelfCheck,
  type SelfCheckReport,
  settingsFaultsCheck,
  SettingsError,
} from '@redoubt/config';

import { hardenPrototypes } from '@redoubt/server';

import { readAskedProfile } from '../profiles/read-profile.ts';
import { type Settings, serviceSettings } from '../settings.ts';
import { lookAtService } from './look-at-service.ts';

/** What a start would add to the settings that were given: the key that a development start made for itself. */
export type CompleteSettings = (settings: Settings) => Promise<Settings>;

/**
 * Prints what the self-check finds, as text or, with `--json`, as a document, and sets the exit code: 78 with an error
 * among the findings, otherwise 0. Settings that do not load are findings like the others. With `--profile` the settings
 * are held against that profile as well, and 78 says that they are not as it wants them, too.
 *
 * @throws {UsageError} for a profile that is none.
 */
export async function doctor(
  environment: Environment = readEnvironment(),
  complete: CompleteSettings = keep,
): Promise<void> {
  // As a start does: it looks at what a start would be.
  hardenPrototypes();
  const asked = await readAskedProfile(process.argv);
  const profile = asked === undefined ? undefined : compareProfile(asked, serviceSettings, environment);
  const report = await examine(environment, complete);
  process.stdout.write(`${textOf(report, profile, environment)}\n`);
  process.exitCode = exitCodeWith(report, profile);
}

function textOf(report: SelfCheckReport, profile: ComparedProfile | undefined, environment: Environment): string {
  if (process.argv.includes('--json')) return JSON.stringify(reportDocument(report, profile), undefined, 2);
  const found = renderReport(report, colourFor(process.stdout, environment));
  return profile === undefined ? found : `${found}\n\n${renderProfile(profile)}`;
}

async function examine(environment: Environment, complete: CompleteSettings): Promise<SelfCheckReport> {
  try {
    const loaded = loadSettings(serviceSettings, environment);
    return await lookAtService(await complete(loaded), environment);
  } catch (error) {
    // Faults of settings, and of files that they name, are what was asked for.
    if (!(error instanceof SettingsError)) throw error;
    return runSelfCheck({ checks: [settingsFaultsCheck(error)], mode: modeOf(environment), now: Date.now });
  }
}

/** What is not said to be development is held for production, as the settings hold it. */
function modeOf(environment: Environment): NodeEnvironment {
  return environment['NODE_ENV'] === 'development' ? 'development' : 'production';
}

function keep(settings: Settings): Promise<Settings> {
  return Promise.resolve(settings);
}
