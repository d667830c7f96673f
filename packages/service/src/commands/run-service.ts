/**
 * A service in production: `main.js` serves, `main.js prepare-database` makes the database's roles as a superuser,
 * `main.js migrate` brings it up to date under its own role, `main.js verify-audit [sequence:hash]` checks the audit table,
 * `main.js doctor` tells what the self-check finds, and `main.js health` asks the service that runs beside it whether it is
 * ready. Whatever is wrong with the settings stops it before anything else, with exit code 78.
 */
import process from 'node:process';

import type { ServiceDatabase } from '../database/service-database.ts';
import type { Service } from '../define-service.ts';
import { runCommand } from './run-command.ts';
import { UsageError } from './usage-error.ts';

/** A command of the process; the argument is the word after its name. */
export type Command = (argument: string | undefined) => Promise<void>;

/** What {@link runService} runs. */
export interface ServiceProgram {
  readonly database: ServiceDatabase;
  /** Loads the service: the commands that work on the database do without. */
  load(): Promise<{ readonly service: Service }>;
  /** Commands beside those that every service has. */
  readonly commands?: Readonly<Record<string, Command>>;
}

/**
 * Runs the command that the process was started with. Each is a part of its own in the bundle: who asks for the health of
 * the service does not load the service.
 */
export async function runService({ database, load, commands: own = {} }: ServiceProgram): Promise<void> {
  const [name = 'serve', argument] = process.argv.slice(2);
  const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
    ['serve', async () => (await import('./serve.ts')).serve((await load()).service)],
    ['migrate', async () => (await import('./migrate-database.ts')).migrateDatabase(database)],
    ['doctor', async () => (await import('./doctor.ts')).doctor((await load()).service)],
    ['verify-audit', async (head) => (await import('./verify-audit.ts')).verifyAudit(database, head)],
    ...Object.entries(own),
    ['prepare-database', async () => (await import('./prepare-database.ts')).prepareDatabase(database)],
    ['health', async () => (await import('./health.ts')).health()],
  ]);
  await runCommand(() => {
    const command = commands.get(name);
    if (command === undefined)
      throw new UsageError(`main.js knows ${[...commands.keys()].join(', ')}, and no other command`);
    return command(argument);
  });
}
