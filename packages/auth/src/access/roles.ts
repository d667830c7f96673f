/** What a service grants: each role with its permissions, closed at start-up. */
export interface Roles<Name extends string = string, Permission extends string = string> {
  /** The names of all roles. */
  readonly names: readonly Name[];
  /** Every permission that some role has, each once, in alphabetical order. */
  readonly permissions: readonly Permission[];
  /** Answers whether a role of this name exists. */
  has(name: string): name is Name;
  /** What a role may do; `undefined` for a role that does not exist. The set is shared: it is the same each time. */
  permissionsOf(name: string): ReadonlySet<Permission> | undefined;
}

/** The permissions of a table of roles, as a union of strings. */
export type PermissionOf<Table> = Table extends Roles<string, infer Permission> ? Permission : never;

/** The names of a table of roles, as a union of strings. */
export type RoleOf<Table> = Table extends Roles<infer Name> ? Name : never;

const ROLE = /^[a-z][a-z0-9-]{0,31}$/;
/** What it is about, then what may be done: `users:read`. */
const PERMISSION = /^[a-z][a-z0-9-]{0,31}:[a-z][a-z0-9-]{0,31}$/;

/**
 * Closes a table of roles and their permissions. A role has the permissions that its line lists and no other: nothing
 * is inherited. Throws a `TypeError` for a name or a permission that is not of the form `admin` and `users:read`.
 */
export function defineRoles<const Table extends Readonly<Record<string, readonly string[]>>>(
  table: Table,
): Roles<keyof Table & string, Table[keyof Table][number]> {
  type Name = keyof Table & string;
  type Permission = Table[keyof Table][number];
  const entries = Object.entries(table) as [Name, readonly Permission[]][];
  for (const [name, permissions] of entries) assertRole(name, permissions);
  const byName = new Map<string, ReadonlySet<Permission>>(entries.map(([name, list]) => [name, new Set(list)]));
  return Object.freeze({
    names: Object.freeze(entries.map(([name]) => name)),
    permissions: Object.freeze([...new Set(entries.flatMap(([, list]) => list))].toSorted()),
    has: (name: string): name is Name => byName.has(name),
    permissionsOf: (name: string) => byName.get(name),
  });
}

function assertRole(name: string, permissions: readonly string[]): void {
  if (!ROLE.test(name)) throw new TypeError(`a role's name is lower case, such as 'admin': ${name}`);
  const wrong = permissions.find((permission) => !PERMISSION.test(permission));
  if (wrong !== undefined) throw new TypeError(`a permission has the form 'users:read': ${wrong}`);
}
