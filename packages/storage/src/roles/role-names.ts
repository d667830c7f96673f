/** The roles of a service in its database (SR-49). */
export interface RoleNames {
  /** Owns the schema and changes it. Used by `migrate`, never by a running service. */
  readonly migrator: string;
  /** Reads and writes rows, and nothing else. Used by the running service. */
  readonly runtime: string;
  /** Reads what migrations grant to it, column by column. Used by people and reports. */
  readonly reader: string;
  /** Reads everything and writes nothing. Used by the job that copies the database. */
  readonly backup: string;
}

/** The names where nothing else is asked for. Roles belong to a whole server: services that share one need others. */
export const DEFAULT_ROLES: RoleNames = {
  migrator: 'app_migrator',
  runtime: 'app_runtime',
  reader: 'app_reader',
  backup: 'app_backup',
};

/** What PostgreSQL takes without quotes, so that a name reads the same everywhere. */
const ROLE_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** @throws {TypeError} unless all are lower-case identifiers, and no two the same. */
export function assertRoleNames({ migrator, runtime, reader, backup }: RoleNames): void {
  const names = [migrator, runtime, reader, backup];
  for (const name of names) {
    if (!ROLE_NAME.test(name))
      throw new TypeError('a role name must be a lower-case identifier of at most 63 characters');
  }
  if (new Set(names).size < names.length) throw new TypeError('each role needs a name of its own');
}
