import process from 'node:process';

import {
  colourFor,
  type Environment,
  exitCodeOf,
  loadSettings,
  type NodeEnvironment,
  readEnvironment,
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

/** What a start would add to the settings that were given: the key that a development start made for itself. */
export type CompleteSettings = (settings: ServiceSettings) => Promise<ServiceSettings>;

/**
 * Prints what the self-check finds, as text or, with `--json`, as a document, and sets the exit code: 78 with an error
 * among the findings, otherwise 0. Settings that do not load are findings like the others.
 */
export async function doctor(
  service: Service,
  environment: Environment = readEnvironment(),
  complete: CompleteSettings = keep,
): Promise<void> {
  // As a start does: it looks at what a start would be.
  hardenPrototypes();
  const report = await examine(service, environment, complete);
  const text = process.argv.includes('--json')
    ? JSON.stringify(reportDocument(report), undefined, 2)
    : renderReport(report, colourFor(process.stdout, environment));
  process.stdout.write(`${text}\n`);
  process.exitCode = exitCodeOf(report);
}

async function examine(
  service: Service,
  environment: Environment,
  complete: CompleteSettings,
): Promise<SelfCheckReport> {
  const loaded = loadOrFault(service, environment);
  if (!(loaded instanceof SettingsError)) return lookAtService(service, await complete(loaded), environment);
  return runSelfCheck({ checks: [settingsFaultsCheck(loaded)], mode: modeOf(environment), now: Date.now });
}

function loadOrFault({ settings }: Service, environment: Environment): ServiceSettings | SettingsError {
  try {
    return loadSettings(settings, environment);
  } catch (error) {
    // Its faults are what was asked for.
    if (error instanceof SettingsError) return error;
    throw error;
  }
}

/** What is not said to be development is held for production, as the settings hold it. */
function modeOf(environment: Environment): NodeEnvironment {
  return environment['NODE_ENV'] === 'development' ? 'development' : 'production';
}

function keep(settings: ServiceSettings): Promise<ServiceSettings> {
  return Promise.resolve(settings);
}
