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

import { type Settings, serviceSettings } from '../settings.ts';
import { lookAtService } from './look-at-service.ts';

/** What a start would add to the settings that were given: the key that a development start made for itself. */
export type CompleteSettings = (settings: Settings) => Promise<Settings>;

/**
 * Prints what the self-check finds, as text or, with `--json`, as a document, and sets the exit code: 78 with an error
 * among the findings, otherwise 0. Settings that do not load are findings like the others.
 */
export async function doctor(
  environment: Environment = readEnvironment(),
  complete: CompleteSettings = keep,
): Promise<void> {
  // As a start does: it looks at what a start would be.
  hardenPrototypes();
  const report = await examine(environment, complete);
  const text = process.argv.includes('--json')
    ? JSON.stringify(reportDocument(report), undefined, 2)
    : renderReport(report, colourFor(process.stdout, environment));
  process.stdout.write(`${text}\n`);
  process.exitCode = exitCodeOf(report);
}

async function examine(environment: Environment, complete: CompleteSettings): Promise<SelfCheckReport> {
  const loaded = loadOrFault(environment);
  if (!(loaded instanceof SettingsError)) return lookAtService(await complete(loaded), environment);
  return runSelfCheck({ checks: [settingsFaultsCheck(loaded)], mode: modeOf(environment), now: Date.now });
}

function loadOrFault(environment: Environment): Settings | SettingsError {
  try {
    return loadSettings(serviceSettings, environment);
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

function keep(settings: Settings): Promise<Settings> {
  return Promise.resolve(settings);
}
