import { type RawBuilder, sql, type Transaction } from 'kysely';
import { isExpectedMember, type RoleMembers } from './role-members.ts';
import type { RoleNames } from './role-names.ts';

/** A role that may do what another one may. */
export interface RoleMembership {
  readonly role: string;
  readonly member: string;
}

interface MembershipRow extends RoleMembership {
  /** Who granted it; nobody where the server does not tell several grants of one membership apart, before 16. */
  readonly grantor: string | null;
}

/**
 * Takes away every membership of which one side is a role of the service, but those of members that are expected
 * (SR-49): a role that is a member of another may do what that one may, whatever its own attributes and rights are.
 * Resolves with what was taken away.
 */
export async function revokeMemberships<Schema>(
  transaction: Transaction<Schema>,
  roles: RoleNames,
  members: RoleMembers,
): Promise<readonly RoleMembership[]> {
  const { rows } = await membershipsOf(roles).execute(transaction);
  const foreign = rows.filter((membership) => !isExpected(membership, roles, members));
  for (const membership of foreign) await toRevocation(membership).execute(transaction);
  return foreign.map(({ role, member }) => ({ role, member }));
}

function isExpected({ role, member }: RoleMembership, roles: RoleNames, members: RoleMembers): boolean {
  const names: readonly string[] = Object.values(roles);
  // No rotation makes a role of the service a member of something.
  if (names.includes(member)) return false;
  return (['migrator', 'runtime', 'reader', 'backup'] as const).some(
    (kind) => roles[kind] === role && isExpectedMember(member, members[kind] ?? []),
  );
}

function membershipsOf(roles: RoleNames): RawBuilder<MembershipRow> {
  const names = sql.join(Object.values(roles).map((name: string) => sql.lit(name)));
  return sql`
    select r.rolname::text as "role", m.rolname::text as "member",
      case when current_setting('server_version_num')::int >= 160000 then g.rolname::text end as "grantor"
    from pg_auth_members a
      join pg_roles r on r.oid = a.roleid
      join pg_roles m on m.oid = a.member
      left join pg_roles g on g.oid = a.grantor
    where r.rolname in (${names}) or m.rolname in (${names})
    order by 1, 2, 3`;
}

/**
 * From 16 on, without its grantor a membership that somebody else granted stays, with a mere warning. CASCADE: with the
 * right to grant it on goes what was granted with it.
 */
function toRevocation({ role, member, grantor }: MembershipRow): RawBuilder<unknown> {
  const revocation = sql`revoke ${sql.id(role)} from ${sql.id(member)}`;
  return grantor === null ? sql`${revocation} cascade` : sql`${revocation} granted by ${sql.id(grantor)} cascade`;
}
