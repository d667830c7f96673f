import { type RawBuilder, sql } from 'kysely';

/** What is not the server's own. */
const OWN_SCHEMA = sql`n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;

/** Tables, views, sequences: what somebody can own and change. */
const RELATION_KINDS = sql`c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')`;

const ATTRIBUTED = sql`(r.rolsuper or r.rolcreatedb or r.rolcreaterole or r.rolreplication or r.rolbypassrls)`;

/** What the role of this connection is, and what it may become. */
export interface RoleRow {
  readonly attributes: readonly string[];
  readonly predefinedRoles: readonly string[];
  readonly canBecomePrivileged: boolean;
}

/**
 * Attributes of the role, and of the one that signed in where it is another: `reset role` brings that one back. The
 * embedded twin has nobody who signs in; its superuser does not count.
 */
export const roleQuestion: RawBuilder<RoleRow> = sql`
  with mine as (
    select * from pg_roles r
    where r.rolname = current_user or (r.rolname = session_user and version() not like '%PGlite%')
  )
  select
    array_remove(array[
      (select 'SUPERUSER' where exists (select from mine where rolsuper)),
      (select 'CREATEDB' where exists (select from mine where rolcreatedb)),
      (select 'CREATEROLE' where exists (select from mine where rolcreaterole)),
      (select 'REPLICATION' where exists (select from mine where rolreplication)),
      (select 'BYPASSRLS' where exists (select from mine where rolbypassrls))
    ], null) as "attributes",
    array(
      select r.rolname::text from pg_roles r
      where r.rolname ~ '^pg_' and r.rolname <> 'pg_database_owner' and pg_has_role(current_user, r.oid, 'MEMBER')
      order by 1
    ) as "predefinedRoles",
    exists (
      select from pg_roles r
      where ${ATTRIBUTED} and r.rolname <> current_user and pg_has_role(current_user, r.oid, 'MEMBER')
    ) as "canBecomePrivileged"`;

/** What the role, or one that it may become, owns. */
export interface OwnershipRow {
  readonly ownedRelations: number;
  readonly ownedSchemas: number;
  readonly ownsDatabase: boolean;
}

/** Owners may do everything to what they own, whatever was revoked from them: they can grant it again. */
export const ownershipQuestion: RawBuilder<OwnershipRow> = sql`
  select
    (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${OWN_SCHEMA} and ${RELATION_KINDS} and pg_has_role(current_user, c.relowner, 'MEMBER')) as "ownedRelations",
    (select count(*)::int from pg_namespace n
      where ${OWN_SCHEMA} and pg_has_role(current_user, n.nspowner, 'MEMBER')) as "ownedSchemas",
    (select pg_has_role(current_user, datdba, 'MEMBER') from pg_database
      where datname = current_database()) as "ownsDatabase"`;

/** What the role may do beyond reading and writing rows; what everybody may do included. */
export interface PrivilegeRow {
  readonly schemasToCreateIn: number;
  readonly canCreateSchemas: boolean;
  readonly tablesToTruncate: number;
}

export const privilegeQuestion: RawBuilder<PrivilegeRow> = sql`
  select
    (select count(*)::int from pg_namespace n
      where ${OWN_SCHEMA} and has_schema_privilege(n.oid, 'CREATE')) as "schemasToCreateIn",
    has_database_privilege(current_database(), 'CREATE') as "canCreateSchemas",
    (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${OWN_SCHEMA} and c.relkind in ('r', 'p') and has_table_privilege(c.oid, 'TRUNCATE')) as "tablesToTruncate"`;

export interface AuditRow {
  /** Of UPDATE, DELETE and TRUNCATE, those that the role has; nothing when there is no such table. */
  readonly auditRights: readonly string[] | null;
}

/** A right to one column changes the trail as well as a right to all. */
export function auditQuestion(table: string): RawBuilder<AuditRow> {
  return sql`
    select case when audit is not null then array_remove(array[
      case when has_any_column_privilege(audit, 'UPDATE') then 'UPDATE' end,
      case when has_table_privilege(audit, 'DELETE') then 'DELETE' end,
      case when has_table_privilege(audit, 'TRUNCATE') then 'TRUNCATE' end
    ], null) end as "auditRights"
    from (select to_regclass(${table})::oid as audit) as found`;
}
