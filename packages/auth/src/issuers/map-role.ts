import type { Roles } from '../access/roles.ts';
import type { Claims } from '../tokens/claim-reading.ts';
import type { RoleMapping } from './trusted-issuer.ts';

/** Claims that hold several values in one text, with spaces between them (RFC 8693, section 4.2). */
const SPACE_SEPARATED: ReadonlySet<string | undefined> = new Set(['scope', 'scp']);

/**
 * The role that an issuer's claims lead to: of the first line of the map whose value they carry, or the default role.
 * `undefined` when there is none, and for a role that this service does not have.
 */
export function mapRole(claims: Claims, { claim, map, defaultRole }: RoleMapping, roles: Roles): string | undefined {
  const values = valuesAt(claims, claim);
  const role = map.find(({ value }) => values.includes(value))?.role ?? defaultRole;
  return role !== undefined && roles.has(role) ? role : undefined;
}

function valuesAt(claims: Claims, [first = '', ...path]: readonly string[]): readonly unknown[] {
  const value = path.reduce<unknown>(memberOf, claims.get(first));
  if (Array.isArray(value)) return value;
  return typeof value === 'string' && SPACE_SEPARATED.has(path.at(-1) ?? first) ? value.split(' ') : [value];
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
