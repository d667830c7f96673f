import type { SessionSchema } from '@redoubt/auth';
import type { IdempotencySchema } from '@redoubt/server';
import type { ColumnType } from 'kysely';

/** Accounts, as migration 0001 creates them. */
export interface UsersTable {
  id: string;
  email: string;
  password_hash: string | null;
  role: 'user' | 'admin';
  age: number | null;
  confirmed_at: Date | null;
  disabled_at: Date | null;
  created_at: Date;
}

/** Security events, as migrations 0002 and 0007 create them. They are written once. */
export interface SecurityEventsTable {
  id: string;
  name: string;
  severity: 'info' | 'warning' | 'critical';
  occurred_at: Date;
  actor_id: string | null;
  subject_id: string | null;
  client_address: string | null;
  request_id: string | null;
  details: ColumnType<Record<string, string | number | boolean>, string, never>;
  /** What chains them; the database writes it. */
  sequence: ColumnType<string, never, never>;
  previous_hash: ColumnType<string, never, never>;
  hash: ColumnType<string, never, never>;
}

/** Failed sign-ins in a row, as migration 0005 creates them. */
interface SignInFailuresTable {
  user_id: string;
  consecutive: number;
}

/** Single-use tokens, as migration 0006 creates them. */
export interface OneTimeTokensTable {
  token_hash: string;
  user_id: string;
  kind: 'confirm' | 'reset' | 'invite';
  password_hash: string | null;
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
}

/** The database of this service. */
export interface DatabaseSchema extends IdempotencySchema, SessionSchema {
  users: UsersTable;
  security_events: SecurityEventsTable;
  sign_in_failures: SignInFailuresTable;
  one_time_tokens: OneTimeTokensTable;
}
