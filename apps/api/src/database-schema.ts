import { join } from 'node:path';

import type { SessionSchema } from '@redoubt/auth';
import { defineDatabase, type ServiceSchema } from '@redoubt/service';

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
export interface DatabaseSchema extends ServiceSchema, SessionSchema {
  users: UsersTable;
  sign_in_failures: SignInFailuresTable;
  one_time_tokens: OneTimeTokensTable;
}

/** The name of the service, and its migrations: they stand beside `src/` and, in production, beside `dist/`. */
export const database = defineDatabase<DatabaseSchema>({
  service: 'redoubt-api',
  migrations: join(import.meta.dirname, '..', 'migrations'),
});
