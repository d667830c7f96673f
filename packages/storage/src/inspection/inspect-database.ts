import type { Kysely } from 'kysely';
import type { Database } from '../database/database.ts';
import { askCatalogue } from './catalogue-query.ts';
import { auditQuestion, ownershipQuestion, privilegeQuestion, roleQuestion } from './role-questions.ts';
import { clockQuestion, connectionQuestion, serverQuestion } from './server-questions.ts';

export interface InspectDatabaseOptions {
  /** The table that is written once, with its schema: `public.security_events` (SR-48). Absent: nobody looks. */
  readonly auditTable?: string;
  /** Migrations that the database lacks: see {@link countPendingMigrations}. Absent: nobody looks. */
  readonly pendingMigrations?: number;
  /** Milliseconds since 1970; the system's by default. */
  readonly now?: () => number;
}

/**
 * What a connection of the running service is and may, for `judgeDatabase` and `judgeClock` of `@redoubt/config`. A
 * fact that the server does not tell is `undefined`.
 */
export interface DatabaseFacts {
  readonly inspectedAtMs: number;
  /** Attributes of its role beyond signing in, by their names in `CREATE ROLE`. */
  readonly attributes: readonly string[] | undefined;
  /** Roles of the server's own that it has or may become: `pg_read_all_data`. */
  readonly predefinedRoles: readonly string[] | undefined;
  /** Whether it may become a role that has attributes. */
  readonly canBecomePrivileged: boolean | undefined;
  readonly ownedRelations: number | undefined;
  readonly ownedSchemas: number | undefined;
  readonly ownsDatabase: boolean | undefined;
  readonly schemasToCreateIn: number | undefined;
  readonly canCreateSchemas: boolean | undefined;
  readonly tablesToTruncate: number | undefined;
  /** Of UPDATE, DELETE and TRUNCATE, those that it has on the audit table. */
  readonly auditRights: readonly string[] | undefined;
  readonly isOverNetwork: boolean | undefined;
  /** `none`, or the version of TLS: `TLSv1.3`. */
  readonly encryption: string | undefined;
  /** How the server will store passwords: `scram-sha-256` or `md5`. */
  readonly passwordEncryption: string | undefined;
  /** Its major version. */
  readonly serverVersion: number | undefined;
  readonly pendingMigrations: number | undefined;
  /** How far the server's clock is ahead of this process's, within half a round trip: milliseconds, may be negative. */
  readonly clockSkewMs: number | undefined;
}

/**
 * Asks the catalogue, as the role of the running service, what that role is and may (SR-49). Reads only; works on the
 * embedded twin, too, which has no connection to tell of.
 *
 * @throws {DatabaseUnavailableError} and the driver's errors when the server cannot be asked.
 */
export async function inspectDatabase<Schema>(
  { kysely }: Database<Schema>,
  { auditTable, pendingMigrations, now = Date.now }: InspectDatabaseOptions = {},
): Promise<DatabaseFacts> {
  const role = await askCatalogue(kysely, roleQuestion);
  const ownership = await askCatalogue(kysely, ownershipQuestion);
  const privileges = await askCatalogue(kysely, privilegeQuestion);
  const audit = auditTable === undefined ? {} : await askCatalogue(kysely, auditQuestion(auditTable));
  const server = await askCatalogue(kysely, serverQuestion);
  const connection = await askCatalogue(kysely, connectionQuestion);
  return {
    inspectedAtMs: now(),
    attributes: role.attributes,
    predefinedRoles: role.predefinedRoles,
    canBecomePrivileged: role.canBecomePrivileged,
    ownedRelations: ownership.ownedRelations,
    ownedSchemas: ownership.ownedSchemas,
    ownsDatabase: ownership.ownsDatabase,
    schemasToCreateIn: privileges.schemasToCreateIn,
    canCreateSchemas: privileges.canCreateSchemas,
    tablesToTruncate: privileges.tablesToTruncate,
    auditRights: audit.auditRights ?? undefined,
    isOverNetwork: connection.isOverNetwork,
    encryption: connection.encryption,
    passwordEncryption: server.passwordEncryption,
    serverVersion: server.serverVersion,
    pendingMigrations,
    clockSkewMs: await measureSkew(kysely, now),
  };
}

/** The server is taken to have looked at its clock in the middle of the round trip. */
async function measureSkew<Schema>(kysely: Kysely<Schema>, now: () => number): Promise<number | undefined> {
  const askedAtMs = now();
  const { time } = await askCatalogue(kysely, clockQuestion);
  return time === undefined ? undefined : Math.round(time.getTime() - (askedAtMs + now()) / 2);
}
