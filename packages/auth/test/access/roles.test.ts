import { describe, expect, expectTypeOf, it } from 'vitest';

import { permission } from '../../src/access/access-rules.ts';
import { defineRoles, type PermissionOf, type RoleOf } from '../../src/access/roles.ts';

const roles = defineRoles({ user: [], auditor: ['audit:read'], admin: ['users:read', 'users:write', 'audit:read'] });

describe('roles', () => {
  it('a role has the permissions of its line and no other', () => {
    expect([...(roles.permissionsOf('user') ?? ['none'])]).toStrictEqual([]);
    expect([...(roles.permissionsOf('auditor') ?? [])]).toStrictEqual(['audit:read']);
    expect(roles.permissionsOf('admin')?.has('users:write')).toBe(true);
  });

  it('lists its names and every permission once', () => {
    expect(roles.names).toStrictEqual(['user', 'auditor', 'admin']);
    expect(roles.permissions).toStrictEqual(['audit:read', 'users:read', 'users:write']);
  });

  it.each(['', 'root', 'Admin', 'admin ', 'constructor', '__proto__', 'toString'])(
    'SR-1: there is no role %j',
    (name) => {
      expect(roles.has(name)).toBe(false);
      expect(roles.permissionsOf(name)).toBeUndefined();
    },
  );

  it('does not change when the table it was made from does', () => {
    const table: Record<string, string[]> = { user: [] };
    const closed = defineRoles(table);
    table['user']?.push('users:write');
    table['root'] = ['users:write'];
    expect(closed.permissionsOf('user')?.size).toBe(0);
    expect(closed.has('root')).toBe(false);
  });

  it.each([
    { Admin: [] },
    { '': [] },
    { admin: ['users'] },
    { admin: ['*'] },
    { admin: ['users:*'] },
    { admin: ['Users:read'] },
  ])('refuses the table %j', (table) => {
    expect(() => defineRoles(table)).toThrow(TypeError);
  });

  it('types its names and permissions, and lets a rule be held to them', () => {
    expectTypeOf<RoleOf<typeof roles>>().toEqualTypeOf<'user' | 'auditor' | 'admin'>();
    expectTypeOf<PermissionOf<typeof roles>>().toEqualTypeOf<'audit:read' | 'users:read' | 'users:write'>();
    const ofTheTable = permission<PermissionOf<typeof roles>>;
    expectTypeOf(ofTheTable).parameter(0).toEqualTypeOf<'audit:read' | 'users:read' | 'users:write'>();
    expect(ofTheTable('users:read').requires).toStrictEqual({ kind: 'permission', permission: 'users:read' });
  });
});
