/** The two roles of a service in its database (SR-49). */
export interface RoleNames {
  /** Owns the schema and changes it. Used by `migrate`, never by a running service. */
  readonly migrator: string;
  /** Reads and writes rows, and nothing else. Used by the running service. */
  readonly runtime: string;
}

/** The names where nothing else is asked for. Roles belong to a whole server: services that share one need others. */
export const DEFAULT_ROLES: RoleNames = { migrator: 'app_migrator', runtime: 'app_runtime' };

/** What PostgreSQL takes without quotes, so that a name reads the same everywhere. */
const ROLE_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** @throws {TypeError} unless both are lower-case identifiers, and two. */
export function assertRoleNames({ migrator, runtime }: RoleNames): void {
  for (const name of [migrator, runtime]) {
    if (!ROLE_NAME.test(name))
      throw new TypeError('a role name must be a lower-case identifier of at most 63 characters');
  }
  if (migrator === runtime) throw new TypeError('the migrator and the runtime role must be two');
}
