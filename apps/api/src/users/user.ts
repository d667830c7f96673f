import { StringEnum } from '@redoubt/server';
import { type Static, Type } from '@sinclair/typebox';

import type { UsersTable } from '../database-schema.ts';
import { EmailInput } from './email-address.ts';

/** Youngest and oldest age that the service takes. */
const AGE = { minimum: 18, maximum: 120, description: 'Age in years.' };

const ROLES = ['user', 'admin'] as const;

const Role = StringEnum(ROLES, { description: 'What the account may do.' });

/** An account as its owner and administrators see it. */
export const User = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    email: EmailInput,
    role: Role,
    age: Type.Optional(Type.Integer(AGE)),
    createdAt: Type.String({ format: 'date-time' }),
  },
  { additionalProperties: false, description: 'An account.' },
);

export type User = Static<typeof User>;

/** What an administrator sends to create an account. */
export const NewUser = Type.Object(
  {
    email: EmailInput,
    role: StringEnum(ROLES, { default: 'user' }),
    age: Type.Optional(Type.Integer(AGE)),
  },
  { additionalProperties: false },
);

/** What an administrator changes of an account. */
export const UserPatchInput = Type.Object(
  {
    role: Type.Optional(Role),
    age: Type.Optional(Type.Integer(AGE)),
    disabled: Type.Optional(Type.Boolean({ description: 'Whether the account is kept from signing in.' })),
  },
  { additionalProperties: false, minProperties: 1 },
);

export type UserPatch = Static<typeof UserPatchInput>;

/** The row of an account as the world may see it; the response schema cuts off whatever else a row holds. */
export function toUser(row: UsersTable): User {
  const user: User = { id: row.id, email: row.email, role: row.role, createdAt: row.created_at.toISOString() };
  if (row.age !== null) user.age = row.age;
  return user;
}
