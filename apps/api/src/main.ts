/**
 * The service in production: `main.js` serves, `main.js migrate` brings the database up to date under its own role,
 * `main.js verify-audit [sequence:hash]` checks the audit table, and `main.js doctor` tells what the self-check finds.
 * Whatever is wrong with the settings stops it before anything else, with exit code 78.
 */
import process from 'node:process';

import { readEnvironment } from '@redoubt/config';

import { migrateDatabase } from './production/migrate-database.ts';
import { serve } from './production/serve.ts';
import { verifyAudit } from './production/verify-audit.ts';
import { runCommand } from './run-command.ts';
import { doctor } from './self-check/doctor.ts';

const [name = 'serve', argument] = process.argv.slice(2);

const commands: ReadonlyMap<string, () => Promise<void>> = new Map([
  ['serve', serve],
  ['migrate', migrateDatabase],
  ['doctor', () => doctor(readEnvironment())],
  ['verify-audit', () => verifyAudit(argument)],
]);

await runCommand(() => {
  const command = commands.get(name);
  if (command === undefined)
    throw new TypeError(`main.js knows ${[...commands.keys()].join(', ')}, and no other command`);
  return command();
});
