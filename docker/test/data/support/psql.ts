import { type CommandResult } from '../../support/stack.ts';
import type { ClientContainer } from './client-container.ts';

/** Who signs in to the database, and where the password is. */
export type Role = 'postgres' | 'app_migrator' | 'app_runtime' | 'app_reader' | 'app_backup';

const passwordFiles: Readonly<Record<Role, string>> = {
  postgres: 'superuser-password',
  app_migrator: 'migrator-password',
  app_runtime: 'runtime-password',
  app_reader: 'reader-password',
  app_backup: 'backup-password',
};

/** As the service connects: over TLS, to a server that proves its name. */
const TRUST = 'host=postgres sslmode=verify-full sslrootcert=/run/secrets/server-authority.pem channel_binding=require';

/** The address of the database for a role, with changes at its end: the last word of a parameter counts. */
export function addressFor(role: Role, changes = ''): string {
  return `${TRUST} user=${role} dbname=redoubt connect_timeout=5 ${changes}`;
}

/** Runs statements as a role, in one transaction unless they say otherwise; what failed is told by its SQLSTATE alone. */
export function psql(client: ClientContainer, role: Role, statements: string, changes = ''): Promise<CommandResult> {
  return runPsql(client, role, [statements], changes);
}

/** Runs a statement as a role that has put off its default of only reading, which is for mistakes. */
export function attack(client: ClientContainer, role: Role, statement: string): Promise<CommandResult> {
  return runPsql(client, role, ['set session characteristics as transaction read write', statement], '');
}

function runPsql(
  client: ClientContainer,
  role: Role,
  statements: readonly string[],
  changes: string,
): Promise<CommandResult> {
  const quiet = ['--no-psqlrc', '--tuples-only', '--no-align', '--quiet'];
  const told = ['--set', 'VERBOSITY=sqlstate', '--set', 'ON_ERROR_STOP=on'];
  const commands = statements.flatMap((statement) => ['--command', statement]);
  const command = ['psql', ...quiet, ...told, ...commands, addressFor(role, changes)];
  return client.run('PGPASSWORD', passwordFiles[role], ...command);
}
