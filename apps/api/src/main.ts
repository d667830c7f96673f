/**
 * The service in production: `main.js` serves, `main.js migrate` brings the database up to date under its own role.
 * Whatever is wrong with the settings stops it before anything else, with exit code 78.
 */
import process from 'node:process';

import { migrateDatabase } from './production/migrate-database.ts';
import { serve } from './production/serve.ts';
import { runCommand } from './run-command.ts';

await runCommand(process.argv[2] === 'migrate' ? migrateDatabase : serve);
