import type { Kysely } from 'kysely';

import type { RefreshTokenRow, SessionEndReason, SessionRow, SessionSchema, SessionsTable } from './session-schema.ts';

/** Reads and writes sessions and their refresh tokens, on a database or inside a transaction. */
export class SessionStore {
  readonly #database: Kysely<SessionSchema>;

  constructor(database: Kysely<SessionSchema>) {
    this.#database = database;
  }

  async insert(session: Omit<SessionsTable, 'ended_at' | 'end_reason'>): Promise<void> {
    await this.#database.insertInto('sessions').values(session).execute();
  }

  /** The user's sessions that go on, newest first. */
  listLive(userId: string, now: Date): Promise<SessionRow[]> {
    return this.#database
      .selectFrom('sessions')
      .selectAll()
      .where('user_id', '=', userId)
      .where('ended_at', 'is', null)
      .where('idle_expires_at', '>', now)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .execute();
  }

  /** The user whose session the token is of. */
  async findUserId(digest: string): Promise<string | undefined> {
    const row = await this.#database
      .selectFrom('refresh_tokens')
      .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
      .select('sessions.user_id')
      .where('refresh_tokens.digest', '=', digest)
      .executeTakeFirst();
    return row?.user_id;
  }

  /** The session that the token is of; nobody else changes it until the transaction ends. */
  lockByToken(digest: string): Promise<SessionRow | undefined> {
    return this.#database
      .selectFrom('sessions')
      .selectAll()
      .where('id', '=', (tokens) =>
        tokens.selectFrom('refresh_tokens').select('session_id').where('digest', '=', digest),
      )
      .forUpdate()
      .executeTakeFirst();
  }

  /** Ends the sessions among these ids that go on; the ones that ended just now come back. */
  end(ids: readonly string[], reason: SessionEndReason, now: Date): Promise<Pick<SessionRow, 'id' | 'access_id'>[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return this.#database
      .updateTable('sessions')
      .set({ ended_at: now, end_reason: reason })
      .where('id', 'in', [...ids])
      .where('ended_at', 'is', null)
      .returning(['id', 'access_id'])
      .execute();
  }

  async setAccessId(id: string, accessId: string): Promise<void> {
    await this.#database.updateTable('sessions').set({ access_id: accessId }).where('id', '=', id).execute();
  }

  async touch(id: string, change: Pick<SessionsTable, 'last_used_at' | 'idle_expires_at'>): Promise<void> {
    await this.#database.updateTable('sessions').set(change).where('id', '=', id).execute();
  }

  /** Forgets the user's sessions whose time was over before now, with their tokens. */
  async deleteExpired(userId: string, now: Date): Promise<void> {
    await this.#database.deleteFrom('sessions').where('user_id', '=', userId).where('expires_at', '<=', now).execute();
  }

  /** The same for so many sessions at most, of any user; answers how many. One that is in use just now is left out. */
  async deleteExpiredOfAll(now: Date, maxRows: number): Promise<number> {
    const { numDeletedRows } = await this.#database
      // Of its own, so that it runs once: as a condition of the deletion it could run for each row, each time with others.
      .with('expired', (database) =>
        database
          .selectFrom('sessions')
          .select('id')
          .where('expires_at', '<=', now)
          .orderBy('expires_at')
          .limit(maxRows)
          .forUpdate()
          .skipLocked(),
      )
      .deleteFrom('sessions')
      .using('expired')
      .whereRef('sessions.id', '=', 'expired.id')
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  }

  async insertToken(sessionId: string, digest: string, createdAt: Date): Promise<void> {
    await this.#database
      .insertInto('refresh_tokens')
      .values({ digest, session_id: sessionId, created_at: createdAt, used_at: null, successor_salt: null })
      .execute();
  }

  findToken(digest: string): Promise<RefreshTokenRow | undefined> {
    return this.#database.selectFrom('refresh_tokens').selectAll().where('digest', '=', digest).executeTakeFirst();
  }

  async useToken(digest: string, use: Pick<RefreshTokenRow, 'used_at' | 'successor_salt'>): Promise<void> {
    await this.#database.updateTable('refresh_tokens').set(use).where('digest', '=', digest).execute();
  }

  /** From then on, nobody can make the successors of tokens that were used before. */
  async eraseSalts(sessionId: string, usedBefore: Date): Promise<void> {
    await this.#database
      .updateTable('refresh_tokens')
      .set({ successor_salt: null })
      .where('session_id', '=', sessionId)
      .where('used_at', '<', usedBefore)
      .where('successor_salt', 'is not', null)
      .execute();
  }
}
