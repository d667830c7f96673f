import { randomBytes } from 'node:crypto';
import { fixedSecret, Secret } from '@redoubt/secrets';
import {
  createRoles,
  openPostgres,
  type PostgresDatabase,
  type PostgresOptions,
  type RoleNames,
} from '@redoubt/storage';
import { sql } from 'kysely';
import { readServers } from './servers.ts';

/** A database of one test file on a real server, with roles of its own. */
export interface TestDatabase<Schema> {
  readonly roles: RoleNames;
  readonly migrator: PostgresDatabase<Schema>;
  readonly runtime: PostgresDatabase<Schema>;
  /** How to open it once more as the runtime role, say with other timeouts. */
  readonly runtimeOptions: PostgresOptions;
  /** Closes both connections and drops database and roles. */
  drop(): Promise<void>;
}

/** Connections of a test: enough for parallel callers, few enough for a small server. */
const POOL_MAX = 5;

/** Creates a database with a random name and random passwords on the server that {@link readServers} finds. */
export async function createTestDatabase<Schema>(): Promise<TestDatabase<Schema>> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const roles = rolesOf(name);
  const passwords = { migrator: randomPassword(), runtime: randomPassword() };
  await asSuperuser('postgres', (admin) => sql`create database ${sql.id(name)}`.execute(admin.kysely));
  await asSuperuser(name, (database) =>
    createRoles({ database, roles, migratorPassword: passwords.migrator, runtimePassword: passwords.runtime }),
  );
  const optionsOf = (role: 'migrator' | 'runtime'): PostgresOptions => ({
    url: urlOf({ user: roles[role], database: name }),
    password: fixedSecret(passwords[role]),
    applicationName: `redoubt-test-${role}`,
    poolMax: POOL_MAX,
  });
  const migrator = openPostgres<Schema>(optionsOf('migrator'));
  const runtime = openPostgres<Schema>(optionsOf('runtime'));
  return {
    roles,
    migrator,
    runtime,
    runtimeOptions: optionsOf('runtime'),
    async drop() {
      await Promise.all([migrator.close(), runtime.close()]);
      await asSuperuser('postgres', (admin) => dropAll(admin, name, roles));
    },
  };
}

/** Runs something as the server's superuser, in the named database. */
export async function asSuperuser<T>(
  databaseName: string,
  run: (database: PostgresDatabase<unknown>) => Promise<T>,
): Promise<T> {
  const { password } = readServers().postgres;
  const database = openPostgres<unknown>({
    url: urlOf({ database: databaseName }),
    ...(password === undefined ? {} : { password: fixedSecret(password) }),
    applicationName: 'redoubt-test-superuser',
    poolMax: 1,
  });
  try {
    return await run(database);
  } finally {
    await database.close();
  }
}

async function dropAll(admin: PostgresDatabase<unknown>, name: string, roles: RoleNames): Promise<void> {
  await sql`drop database ${sql.id(name)} with (force)`.execute(admin.kysely);
  // The backup role is there when a test asked for it.
  await sql`drop role if exists ${sql.join(Object.values(roles).map((role: string) => sql.id(role)))}`.execute(
    admin.kysely,
  );
}

function rolesOf(name: string): RoleNames {
  return {
    migrator: `${name}_migrator`,
    runtime: `${name}_runtime`,
    reader: `${name}_reader`,
    backup: `${name}_backup`,
  };
}

function urlOf({ user, database }: { user?: string; database: string }): string {
  const url = new URL(readServers().postgres.url);
  if (user !== undefined) url.username = user;
  url.pathname = `/${database}`;
  return url.href;
}

function randomPassword(): Secret {
  return Secret.of(randomBytes(24).toString('base64url'));
}
