/**
 * The service in production: `main.js` serves, `main.js migrate` brings the database up to date under its own role,
 * `main.js verify-audit [sequence:hash]` checks the audit table.
 * Whatever is wrong with the settings stops it before anything else, with exit code 78.
 */
import process from 'node:process';

import { migrateDatabase } from './production/migrate-database.ts';
import { serve } from './production/serve.ts';
import { verifyAudit } from './production/verify-audit.ts';
import { runCommand } from './run-command.ts';

const [, , command = 'serve', argument] = process.argv;
const commands = new Map<string, () => Promise<void>>([
  ['serve', serve],
  ['migrate', migrateDatabase],
  ['verify-audit', () => verifyAudit(argument)],
]);

await runCommand(commands.get(command) ?? refuseCommand);

function refuseCommand(): Promise<void> {
  throw new TypeError(`There is no such command; there are: ${[...commands.keys()].join(', ')}`);
}
