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

import type { Service } from '../define-service.ts';
import { lookAtService } from '../self-check/look-at-service.ts';
import type { ServiceSettings } from '../settings/service-settings.ts';
import { readAskedProfile } from './read-profile.ts';

/** What a start would add to the settings that were given: the key that a development start made for itself. */
export type CompleteSettings = (settings: ServiceSettings) => Promise<ServiceSettings>;

/**
 * Prints what the self-check finds, as text or, with `--json`, as a document, and sets the exit code: 78 with an error
 * among the findings, otherwise 0. Settings that do not load are findings like the others. With `--profile` the settings
 * are held against that profile as well, and 78 says that they are not as it wants them, too.
 *
 * @throws {UsageError} for a profile that is none.
 */
export async function doctor(
  service: Service,
  environment: Environment = readEnvironment(),
  complete: CompleteSettings = keep,
): Promise<void> {
  // As a start does: it looks at what a start would be.
  hardenPrototypes();
  const asked = await readAskedProfile(process.argv);
  const profile = asked === undefined ? undefined : compareProfile(asked, service.settings, environment);
  const report = await examine(service, environment, complete);
  process.stdout.write(`${textOf(report, profile, environment)}\n`);
  process.exitCode = exitCodeWith(report, profile);
}

function textOf(report: SelfCheckReport, profile: ComparedProfile | undefined, environment: Environment): string {
  if (process.argv.includes('--json')) return JSON.stringify(reportDocument(report, profile), undefined, 2);
  const found = renderReport(report, colourFor(process.stdout, environment));
  return profile === undefined ? found : `${found}\n\n${renderProfile(profile)}`;
}

async function examine(
  service: Service,
  environment: Environment,
  complete: CompleteSettings,
): Promise<SelfCheckReport> {
  try {
    const loaded = loadSettings(service.settings, environment);
    return await lookAtService(service, await complete(loaded), environment);
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

function keep(settings: ServiceSettings): Promise<ServiceSettings> {
  return Promise.resolve(settings);
}
