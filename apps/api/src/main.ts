/**
 * The service in production: `main.js` serves, `main.js migrate` brings the database up to date under its own role, and
 * `main.js doctor` tells what the self-check finds. Whatever is wrong with the settings stops it before anything else,
 * with exit code 78.
 */
import process from 'node:process';

import { readEnvironment } from '@redoubt/config';

import { migrateDatabase } from './production/migrate-database.ts';
import { serve } from './production/serve.ts';
import { runCommand } from './run-command.ts';
import { doctor } from './self-check/doctor.ts';

const commands: ReadonlyMap<string, () => Promise<void>> = new Map([
  ['serve', serve],
  ['migrate', migrateDatabase],
  ['doctor', () => doctor(readEnvironment())],
]);

const [name = 'serve'] = process.argv.slice(2);

await runCommand(() => {
  const command = commands.get(name);
  if (command === undefined)
    throw new TypeError(`main.js knows ${[...commands.keys()].join(', ')}, and no other command`);
  return command();
});
