import type { RoleNames } from './role-names.ts';

/**
 * Who may be a member of a role of the service: the login roles that rotations make for it, by name, or by a beginning
 * and `*`, for sources that invent names (`v-*`). A role that is not named has no members.
 */
export type RoleMembers = Readonly<Partial<Record<keyof RoleNames, readonly string[]>>>;

/**
 * How an entry is written, as a regular expression: what sources of credentials call their roles, or the beginning of it
 * and a `*`. Two characters at least: the star alone would be everybody.
 */
export const ROLE_MEMBER_PATTERN = String.raw`^[A-Za-z_][\w-]{1,62}\*?$`;

const memberPattern = new RegExp(ROLE_MEMBER_PATTERN);

/** @throws {TypeError} unless each entry is written like {@link ROLE_MEMBER_PATTERN}. */
export function assertRoleMembers(members: RoleMembers): void {
  for (const pattern of Object.values(members).flat()) {
    if (!memberPattern.test(pattern)) {
      throw new TypeError('a member must be the name of a role, or at least two characters of its beginning and a *');
    }
  }
}

/** Whether one of the entries names the role. */
export function isExpectedMember(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
}
