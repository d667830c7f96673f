import type { Buffer } from 'node:buffer';

import type { Kysely, Selectable } from 'kysely';

import type { SessionProfile } from './session-profile.ts';

/** Why a session ended before its time, or that its time was over. */
export type SessionEndReason =
  | 'signed-out'
  | 'ended-by-user'
  | 'ended-by-administrator'
  | 'password-changed'
  | 'account-disabled'
  | 'too-many-sessions'
  | 'token-reused'
  | 'expired';

/** Sessions, as an application's migrations create the table. */
export interface SessionsTable {
  id: string;
  user_id: string;
  access_id: string;
  profile: SessionProfile;
  method: string;
  authenticated_at: Date;
  created_at: Date;
  last_used_at: Date;
  idle_expires_at: Date;
  expires_at: Date;
  ended_at: Date | null;
  end_reason: SessionEndReason | null;
  client_address: string | null;
  user_agent: string | null;
}

/** Refresh tokens by their digests, as an application's migrations create the table. */
export interface RefreshTokensTable {
  digest: string;
  session_id: string;
  created_at: Date;
  used_at: Date | null;
  successor_salt: Buffer | null;
}

/** What a database must hold to keep sessions. */
export interface SessionSchema {
  sessions: SessionsTable;
  refresh_tokens: RefreshTokensTable;
}

/** A session as it is stored. */
export type SessionRow = Selectable<SessionsTable>;

/** A refresh token as it is stored. */
export type RefreshTokenRow = Selectable<RefreshTokensTable>;

/** The application's schema holds these tables and more; only these are used here. */
export function sessionTables<Schema extends SessionSchema>(database: Kysely<Schema>): Kysely<SessionSchema> {
  return database as unknown as Kysely<SessionSchema>;
}
