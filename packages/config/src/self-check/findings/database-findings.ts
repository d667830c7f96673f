import type { FindingId, FindingKind } from '../finding.ts';

const weak = { area: 'database', severity: 'error', silencing: 'allowed' } as const;

/** What can be wrong with the role, the connection and the server of the database: RD-060 to RD-069 (SR-28, SR-49). */
export const databaseFindings = {
  'RD-060': {
    ...weak,
    title: "The service's database role has attributes",
    risk: 'A superuser reads the files of the server and runs programs on it; the others make databases and roles, copy all data out, or read the rows of every tenant. One hole in a query is then a hole in the server.',
    remedy:
      'ALTER ROLE app_runtime NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS. createRoles of @redoubt/storage makes both roles as they should be; migrations have one of their own.',
    source: 'SR-49',
  },
  'RD-061': {
    ...weak,
    title: "The service's database role belongs to a powerful one",
    risk: 'Roles of the server such as pg_read_all_data reach past every grant that was made with care, and pg_execute_server_program starts programs on the server. A role that has attributes gives them to whoever may become it.',
    remedy:
      'REVOKE pg_read_all_data FROM app_runtime, and each other that is named. Give the role what it needs by grants on tables; what watches the database uses a role of its own.',
    source: 'SR-49, the PostgreSQL manual, chapter Predefined Roles',
  },
  'RD-062': {
    ...weak,
    title: "The service's database role owns what it works on",
    risk: 'An owner drops and alters tables, switches row-level security off, and grants itself again what was revoked. The audit trail is then as good as absent.',
    remedy:
      'Let app_migrator own the schema and all in it, run migrations as that role, and serve as app_runtime: REASSIGN OWNED BY app_runtime TO app_migrator, and ALTER DATABASE … OWNER TO for the database.',
    source: 'SR-49',
  },
  'RD-063': {
    ...weak,
    title: "The service's database role may create objects",
    risk: 'A function or table that is planted in a schema where others look first runs with the rights of whoever calls it, the migrator included. On servers before PostgreSQL 15 everybody may do so in the schema public.',
    remedy:
      'REVOKE CREATE ON SCHEMA public FROM PUBLIC, app_runtime; REVOKE CREATE ON DATABASE … FROM PUBLIC, app_runtime. createRoles does both.',
    source: 'SR-49, CVE-2018-1058',
  },
  'RD-064': {
    ...weak,
    title: "The service's database role may truncate tables",
    risk: 'TRUNCATE empties a table in one statement, past row-level security and past triggers on rows. A service deletes rows, if anything; the right mostly comes from GRANT ALL.',
    remedy:
      'REVOKE TRUNCATE ON ALL TABLES IN SCHEMA public FROM app_runtime, and grant SELECT, INSERT, UPDATE, DELETE by name in place of ALL.',
    source: 'SR-49',
  },
  'RD-065': {
    ...weak,
    title: 'The audit trail can be rewritten',
    risk: 'Whoever takes the service over removes the events that tell of it. What was written can only be believed if the writer cannot change it afterwards.',
    remedy:
      'REVOKE UPDATE, DELETE, TRUNCATE ON security_events FROM app_runtime, rights to single columns too. The migration that makes the table does so; a later GRANT ALL undid it.',
    source: 'SR-48',
  },
  'RD-066': {
    ...weak,
    title: 'The connection to the database can be read',
    risk: 'Every row that is read or written, password hashes and personal data among them, passes the network in the clear or under a version of TLS that is broken. Who is on the way can change answers as well.',
    remedy:
      'Set DATABASE_TLS=verify-full, give the database a certificate with its name, and name a private authority in DATABASE_CA_FILE; refuse others by hostssl in pg_hba.conf and ssl_min_protocol_version = TLSv1.2. Behind a pooler or a mesh that encrypts, silence this with its name as the reason.',
    source: 'SR-28, RFC 8996',
  },
  'RD-067': {
    ...weak,
    severity: 'warning',
    title: 'The database stores passwords as MD5',
    risk: 'The stored hash is itself enough to sign in, and a stolen one is searched at billions of passwords a second. The next password that is set is stored so.',
    remedy:
      "ALTER SYSTEM SET password_encryption = 'scram-sha-256', reload, set every role's password again, and ask for scram-sha-256 in pg_hba.conf.",
    source: 'SR-49, RFC 5803',
  },
  'RD-068': {
    ...weak,
    severity: 'warning',
    title: 'The database server gets no more fixes',
    risk: 'A major version is mended for five years. Holes that are found in later ones are often in it as well, and stay.',
    remedy: 'Upgrade to a supported major version, with pg_upgrade or by logical replication; test the restore first.',
    source: 'SR-67, the PostgreSQL versioning policy',
  },
  'RD-069': {
    ...weak,
    title: 'The database lacks migrations',
    risk: 'The code works on tables, constraints and revoked rights that are not there. Queries fail at the first use, or a limit that a migration brings does not hold.',
    remedy:
      'Run node apps/api/dist/main.js migrate, as app_migrator, before the new version starts. A deployment that skips it should fail.',
    source: 'SR-49',
  },
} as const satisfies Record<FindingId, FindingKind>;
