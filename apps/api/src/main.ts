/**
 * The service in production: `main.js` serves, `main.js prepare-database` makes the database's roles as a superuser,
 * `main.js migrate` brings it up to date under its own role, `main.js create-administrator <address>` lets the first
 * administrator in, `main.js verify-audit [sequence:hash]` checks the audit table, `main.js doctor` tells what the
 * self-check finds, and `main.js health` asks the service that runs beside it whether it is ready.
 * Whatever is wrong with the settings stops it before anything else, with exit code 78.
 */
import process from 'node:process';

import { runCommand } from './run-command.ts';
import { UsageError } from './usage-error.ts';

const [name = 'serve', argument] = process.argv.slice(2);

/** Each is a part of its own in the bundle: who asks for the health of the service does not load the service. */
const commands: ReadonlyMap<string, () => Promise<void>> = new Map([
  ['serve', async () => (await import('./production/serve.ts')).serve()],
  ['migrate', async () => (await import('./production/migrate-database.ts')).migrateDatabase()],
  ['doctor', async () => (await import('./self-check/doctor.ts')).doctor()],
  ['verify-audit', async () => (await import('./production/verify-audit.ts')).verifyAudit(argument)],
  [
    'create-administrator',
    async () => (await import('./production/create-administrator.ts')).createAdministrator(argument),
  ],
  ['prepare-database', async () => (await import('./production/prepare-database.ts')).prepareDatabase()],
  ['health', async () => (await import('./production/health.ts')).health()],
]);

await runCommand(() => {
  const command = commands.get(name);
  if (command === undefined)
    throw new UsageError(`main.js knows ${[...commands.keys()].join(', ')}, and no other command`);
  return command();
});
