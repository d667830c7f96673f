import type { Finding } from './finding.ts';
import type { databaseFindings } from './findings/database-findings.ts';
import { found } from './found.ts';

type Id = keyof typeof databaseFindings;

/**
 * What `judgeDatabase` judges: what `inspectDatabase` of `@redoubt/storage` gives, which says what each fact means. A
 * fact that the server did not tell is `undefined`.
 */
export interface DatabaseFacts {
  readonly inspectedAtMs: number;
  readonly attributes: readonly string[] | undefined;
  readonly predefinedRoles: readonly string[] | undefined;
  readonly canBecomePrivileged: boolean | undefined;
  readonly ownedRelations: number | undefined;
  readonly ownedSchemas: number | undefined;
  readonly ownsDatabase: boolean | undefined;
  readonly schemasToCreateIn: number | undefined;
  readonly canCreateSchemas: boolean | undefined;
  readonly tablesToTruncate: number | undefined;
  readonly auditRights: readonly string[] | undefined;
  readonly isOverNetwork: boolean | undefined;
  readonly encryption: string | undefined;
  readonly passwordEncryption: string | undefined;
  readonly serverVersion: number | undefined;
  readonly pendingMigrations: number | undefined;
}

/** Versions of TLS, as OpenSSL names them, that nobody has broken. */
const UNBROKEN_TLS: ReadonlySet<string> = new Set(['TLSv1.2', 'TLSv1.3']);

/** The versioning policy: major version N, since 10, appears in autumn of 2007 + N and is mended for five years. */
const YEAR_OF_VERSION_0 = 2_007;
const YEARS_OF_SUPPORT = 5;

/** Its last release is in November: months are counted from 0. */
const DECEMBER = 11;

/** Judges the role, the connection and the server of the database (SR-28, SR-48, SR-49). */
export function judgeDatabase(facts: DatabaseFacts): readonly Finding[] {
  return [...judgeRole(facts), ...judgeConnection(facts), ...judgeServer(facts)];
}

function judgeRole(facts: DatabaseFacts): readonly Finding[] {
  const attributes = facts.attributes ?? [];
  const findings = attributes.flatMap((name) => found<Id>(true, 'RD-060', name, 'The role of the service has it.'));
  // The server checks nothing for a superuser: every right below would be found, and one thing is to be mended.
  return attributes.includes('SUPERUSER') ? findings : [...findings, ...judgeMembership(facts), ...judgeRights(facts)];
}

function judgeMembership(facts: DatabaseFacts): readonly Finding[] {
  const { predefinedRoles = [], canBecomePrivileged, ownedRelations = 0, ownedSchemas = 0, ownsDatabase } = facts;
  return [
    ...predefinedRoles.flatMap((name) => found<Id>(true, 'RD-061', name, 'The role of the service belongs to it.')),
    ...found<Id>(
      canBecomePrivileged,
      'RD-061',
      'another role',
      'The role of the service may become one with attributes.',
    ),
    ...found<Id>(ownedRelations > 0, 'RD-062', 'tables', 'The role of the service, or one it may become, owns some.'),
    ...found<Id>(ownedSchemas > 0, 'RD-062', 'schemas', 'The role of the service, or one it may become, owns some.'),
    ...found<Id>(ownsDatabase, 'RD-062', 'database', 'The role of the service, or one it may become, owns it.'),
  ];
}

function judgeRights(facts: DatabaseFacts): readonly Finding[] {
  const { schemasToCreateIn = 0, canCreateSchemas, tablesToTruncate = 0, auditRights = [] } = facts;
  return [
    ...found<Id>(schemasToCreateIn > 0, 'RD-063', 'schemas', 'It may create objects in one, or everybody may.'),
    ...found<Id>(canCreateSchemas, 'RD-063', 'database', 'It may create schemas, or everybody may.'),
    ...found<Id>(tablesToTruncate > 0, 'RD-064', 'tables', 'It may truncate some, or everybody may.'),
    ...auditRights.flatMap((right) => found<Id>(true, 'RD-065', right, 'It has this right on the audit table.')),
  ];
}

function judgeConnection({ isOverNetwork, encryption }: DatabaseFacts): readonly Finding[] {
  if (isOverNetwork !== true || encryption === undefined || UNBROKEN_TLS.has(encryption)) return [];
  const seen = encryption === 'none' ? 'It is not encrypted.' : 'It uses TLS below 1.2.';
  return [{ id: 'RD-066', subject: 'connection', seen }];
}

function judgeServer(facts: DatabaseFacts): readonly Finding[] {
  const { passwordEncryption, serverVersion, inspectedAtMs, pendingMigrations = 0 } = facts;
  const isOut = serverVersion === undefined ? undefined : inspectedAtMs >= endOfSupportMs(serverVersion);
  return [
    ...found<Id>(passwordEncryption === 'md5', 'RD-067', 'password_encryption', 'It is md5.'),
    ...found<Id>(isOut, 'RD-068', 'server', 'Its major version is out of support.'),
    ...found<Id>(pendingMigrations > 0, 'RD-069', 'migrations', 'Some were not applied.'),
  ];
}

function endOfSupportMs(majorVersion: number): number {
  return Date.UTC(YEAR_OF_VERSION_0 + majorVersion + YEARS_OF_SUPPORT, DECEMBER, 1);
}
