/**
 * `pnpm run doctor`: what the self-check says of a development start, or with `NODE_ENV=production` of the settings that the
 * environment holds; `--profile <name>` looks at those, too, and holds them against a profile of deploy/profiles. `--json`
 * prints it for a machine. Ends with 78 when an error is among the findings, or the settings are not as the profile wants.
 */
import process from 'node:process';

import { readEnvironment } from '@redoubt/config';

import { developmentEnvironment, localStateOf } from './development/development-settings.ts';
import { runCommand } from './run-command.ts';
import { doctor } from './self-check/doctor.ts';

await runCommand(async () => {
  const environment = readEnvironment();
  // A profile is about production: what a developer's start would add has no place in it.
  if (environment['NODE_ENV'] === 'production' || process.argv.includes('--profile')) return doctor(environment);
  return doctor(developmentEnvironment(), async (settings) => {
    const SIGNING_KEY = settings.SIGNING_KEY ?? (await localStateOf(settings).findSigningKey());
    return SIGNING_KEY === undefined ? settings : { ...settings, SIGNING_KEY };
  });
});
