import { randomBytes } from 'node:crypto';

import { fixedSecret, Secret } from '@redoubt/secrets';
import { createRoles, type Database, DEFAULT_ROLES, migrate, openPostgres } from '@redoubt/storage';
import { readServers } from '@redoubt/testing/contracts/servers';
import { asSuperuser } from '@redoubt/testing/contracts/test-database';
import { type Kysely, sql } from 'kysely';

import { database as declared, type DatabaseSchema } from '../../src/database-schema.ts';

/** A migrated database of one test file on a real server, opened as the service opens it. */
export interface RealDatabase {
  readonly database: Database<DatabaseSchema>;
  /** Opens it once more, as another replica does. */
  openReplica(): Database<DatabaseSchema>;
  /** Does what the service cannot do. */
  asSuperuser(act: (kysely: Kysely<DatabaseSchema>) => Promise<unknown>): Promise<void>;
  drop(): Promise<void>;
}

/** Creates a database with a random name, and the service's roles with random passwords. */
export async function createRealDatabase(): Promise<RealDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const [migratorPassword, runtimePassword] = [randomPassword(), randomPassword()];
  await asSuperuser('postgres', (admin) => sql`create database ${sql.id(name)}`.execute(admin.kysely));
  await asSuperuser(name, (database) => createRoles({ database, migratorPassword, runtimePassword }));
  const migrator = open(name, DEFAULT_ROLES.migrator, migratorPassword);
  await migrate({ database: migrator, directory: declared.migrations });
  await migrator.close();
  const database = open(name, DEFAULT_ROLES.runtime, runtimePassword);
  return {
    database,
    openReplica: () => open(name, DEFAULT_ROLES.runtime, runtimePassword),
    asSuperuser: (act) => asSuperuserOf(name, act),
    async drop() {
      await database.close();
      await asSuperuser('postgres', (admin) => sql`drop database ${sql.id(name)} with (force)`.execute(admin.kysely));
    },
  };
}

async function asSuperuserOf(name: string, act: (kysely: Kysely<DatabaseSchema>) => Promise<unknown>): Promise<void> {
  await asSuperuser(name, ({ kysely }) => act(kysely as unknown as Kysely<DatabaseSchema>));
}

function open(name: string, role: string, password: Secret): Database<DatabaseSchema> {
  const url = new URL(readServers().postgres.url);
  url.username = role;
  url.pathname = `/${name}`;
  return openPostgres<DatabaseSchema>({
    url: url.href,
    password: fixedSecret(password),
    applicationName: 'test',
    poolMax: 10,
  });
}

function randomPassword(): Secret {
  return Secret.of(randomBytes(24).toString('base64url'));
}
