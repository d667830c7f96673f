import { defineRoles } from '@redoubt/auth';

/** What each role may do. A permission that no role has is one that nobody has. */
export const roles = defineRoles({
  user: [],
  admin: ['peers:read', 'audit:read'],
} as const);
