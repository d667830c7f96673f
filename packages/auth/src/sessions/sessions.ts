import { randomUUID } from 'node:crypto';

import type { Kysely, Transaction } from 'kysely';

import { type RevocationKey, sessionKey } from '../revocation/revocation-key.ts';
import type { Revocations } from '../revocation/revocations.ts';
import { createRefreshToken, digestOf, parseRefreshToken, type RefreshToken } from './refresh-token.ts';
import { useRefreshToken } from './refresh-token-use.ts';
import { idleEnd, MAX_SESSIONS_PER_USER, SESSION_PROFILES, type SessionProfile } from './session-profile.ts';
import { type SessionEndReason, type SessionRow, type SessionSchema, sessionTables } from './session-schema.ts';
import { SessionStore } from './session-store.ts';

/** Longest name of a client that is kept: characters. It helps a person to tell sessions apart, no more. */
const MAX_USER_AGENT_LENGTH = 256;

/** What an access token is issued for. */
export interface Account {
  readonly role: string;
}

/**
 * Reads the account of a user who may have sessions, and locks its row until the transaction ends: `exclusive` against
 * everybody, `shared` against changes. `undefined` for an account that is disabled, not confirmed, or not there.
 */
export type LockAccount<Schema, Holder extends Account = Account> = (
  transaction: Transaction<Schema>,
  userId: string,
  lock: 'exclusive' | 'shared',
) => Promise<Holder | undefined>;

/** What sessions need. */
export interface SessionsOptions<Schema extends SessionSchema, Holder extends Account = Account> {
  readonly database: Kysely<Schema>;
  readonly revocations: Revocations;
  readonly lockAccount: LockAccount<Schema, Holder>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Makes the id of a new row. Default: a random UUID. */
  readonly createId?: () => string;
}

/** Who signed in, how, and from where. */
export interface SignIn {
  readonly userId: string;
  readonly profile: SessionProfile;
  /** How the user proved who they are (RFC 8176): `pwd`. A second factor becomes `mfa`. */
  readonly method: string;
  readonly clientAddress: string;
  readonly userAgent: string | undefined;
}

/** A session that goes on, with what its holder gets. */
export interface OpenSession {
  readonly session: SessionRow;
  readonly account: Account;
  readonly refreshToken: RefreshToken;
}

/** What became of a refresh token. Every refusal looks the same from outside. */
export type RefreshOutcome =
  | ({ readonly kind: 'rotated' | 'repeated' } & OpenSession)
  | { readonly kind: 'refused' }
  /** A used token came back, or the session's time was over; its session ended just now. */
  | { readonly kind: 'reused' | 'expired'; readonly session: SessionRow }
  /** The session's time was over, and its end has been told before. */
  | { readonly kind: 'used-after-expiry'; readonly session: SessionRow };

/** Which sessions of a user. */
export interface SessionSelection {
  readonly userId: string;
  /** Only this one. */
  readonly id?: string;
  /** Only the one with this `sid` in its access tokens. */
  readonly accessId?: string | undefined;
  /** All but the one with this `sid` in its access tokens. */
  readonly exceptAccessId?: string | undefined;
}

/**
 * Signed-in sessions: each is the family of its refresh tokens, and the `sid` of its access tokens.
 *
 * Whatever ends a session, or access tokens of it, is stored in the shared store before it commits: a change that
 * cannot take effect on the very next request does not happen (SR-7, docs/decisions/008-revocation.md). The locks are
 * taken in one order, the account first and the session second.
 */
export class Sessions<Schema extends SessionSchema, Holder extends Account = Account> {
  readonly #database: Kysely<Schema>;
  readonly #revocations: Revocations;
  readonly #lockAccount: LockAccount<Schema, Holder>;
  readonly #now: () => number;
  readonly #createId: () => string;

  constructor({ database, revocations, lockAccount, now, createId = randomUUID }: SessionsOptions<Schema, Holder>) {
    this.#database = database;
    this.#revocations = revocations;
    this.#lockAccount = lockAccount;
    this.#now = now;
    this.#createId = createId;
  }

  /**
   * Begins a session with an id and a token that nobody has seen; the oldest one ends when there are more than
   * {@link MAX_SESSIONS_PER_USER} (SR-55). `undefined` when the account may not sign in, or when what was proven of it
   * is true no more: a password may have changed since it was compared.
   */
  begin(signIn: SignIn, isStillProven: (account: Holder) => boolean): Promise<OpenSession | undefined> {
    return this.#database.transaction().execute(async (transaction) => {
      const account = await this.#lockAccount(transaction, signIn.userId, 'exclusive');
      if (account === undefined || !isStillProven(account)) return undefined;
      const store = new SessionStore(sessionTables(transaction));
      await this.#makeRoom(store, signIn.userId);
      const session = this.#createSession(signIn);
      const refreshToken = createRefreshToken();
      await store.insert(session);
      await store.insertToken(session.id, digestOf(refreshToken), session.created_at);
      return { session, account, refreshToken };
    });
  }

  /**
   * Takes a refresh token and gives its successor: one, however often and wherever the token arrives within the window
   * (SR-8). A token that comes back later ends its session.
   */
  async refresh(text: string): Promise<RefreshOutcome> {
    const token = parseRefreshToken(text);
    if (token === undefined) return { kind: 'refused' };
    return this.#database.transaction().execute(async (transaction): Promise<RefreshOutcome> => {
      const store = new SessionStore(sessionTables(transaction));
      const userId = await store.findUserId(digestOf(token));
      if (userId === undefined) return { kind: 'refused' };
      const account = await this.#lockAccount(transaction, userId, 'shared');
      const session = await store.lockByToken(digestOf(token));
      if (session === undefined || account === undefined) return { kind: 'refused' };
      if (session.end_reason === 'expired') return { kind: 'used-after-expiry', session };
      if (session.ended_at !== null) return { kind: 'refused' };
      if (session.idle_expires_at.getTime() <= this.#now()) return this.#endRefreshed(store, session, 'expired');
      const use = await useRefreshToken(store, { session, token, now: this.#now() });
      if (use.kind === 'reused') return this.#endRefreshed(store, session, 'reused');
      return use.kind === 'refused' ? use : { ...use, account };
    });
  }

  /** The user's sessions that go on, newest first. */
  list(userId: string): Promise<SessionRow[]> {
    return new SessionStore(sessionTables(this.#database)).listLive(userId, new Date(this.#now()));
  }

  /**
   * Deletes so many sessions at most whose time was over, with their tokens, and answers how many (SR-80). Nothing changes
   * for who shows one of the tokens: it was refused before.
   */
  deleteExpired(maxRows: number): Promise<number> {
    return new SessionStore(sessionTables(this.#database)).deleteExpiredOfAll(new Date(this.#now()), maxRows);
  }

  /**
   * Ends the selected sessions that go on, with their access tokens, inside the given transaction or one of its own.
   * Answers how many.
   */
  async end(selection: SessionSelection, reason: SessionEndReason, transaction?: Transaction<Schema>): Promise<number> {
    if (transaction === undefined)
      return this.#database.transaction().execute((own) => this.end(selection, reason, own));
    const store = new SessionStore(sessionTables(transaction));
    const sessions = await this.#select(store, selection);
    return this.#endAll(store, sessions, reason);
  }

  /**
   * Ends the access tokens of a user's sessions, and not the sessions: the next refresh gives one that holds what is
   * true by then. Call it in the transaction that changes what tokens say, after locking the account.
   */
  async renewAccess(userId: string, transaction: Transaction<Schema>): Promise<void> {
    const store = new SessionStore(sessionTables(transaction));
    const sessions = await store.listLive(userId, new Date(this.#now()));
    for (const { id } of sessions) await store.setAccessId(id, randomUUID());
    await this.#revocations.revoke(accessKeys(sessions));
  }

  async #makeRoom(store: SessionStore, userId: string): Promise<void> {
    const now = new Date(this.#now());
    await store.deleteExpired(userId, now);
    const live = await store.listLive(userId, now);
    await this.#endAll(store, live.slice(MAX_SESSIONS_PER_USER - 1), 'too-many-sessions');
  }

  #createSession({ userId, profile, method, clientAddress, userAgent }: SignIn): SessionRow {
    const nowMs = this.#now();
    const now = new Date(nowMs);
    const expiresAtMs = nowMs + SESSION_PROFILES[profile].absoluteMs;
    return {
      id: this.#createId(),
      user_id: userId,
      access_id: randomUUID(),
      profile,
      method,
      authenticated_at: now,
      created_at: now,
      last_used_at: now,
      idle_expires_at: new Date(idleEnd(profile, nowMs, expiresAtMs)),
      expires_at: new Date(expiresAtMs),
      ended_at: null,
      end_reason: null,
      client_address: clientAddress,
      user_agent: userAgent?.slice(0, MAX_USER_AGENT_LENGTH) ?? null,
    };
  }

  async #select(store: SessionStore, selection: SessionSelection): Promise<SessionRow[]> {
    const live = await store.listLive(selection.userId, new Date(this.#now()));
    return live.filter((session) => isSelected(session, selection));
  }

  async #endRefreshed(store: SessionStore, session: SessionRow, kind: 'reused' | 'expired'): Promise<RefreshOutcome> {
    await this.#endAll(store, [session], kind === 'reused' ? 'token-reused' : 'expired');
    return { kind, session };
  }

  async #endAll(store: SessionStore, sessions: readonly SessionRow[], reason: SessionEndReason): Promise<number> {
    const ids = sessions.map(({ id }) => id);
    const ended = await store.end(ids, reason, new Date(this.#now()));
    await this.#revocations.revoke(accessKeys(ended));
    return ended.length;
  }
}

function isSelected(
  { id, access_id: accessId }: SessionRow,
  { id: onlyId = id, accessId: onlyAccessId = accessId, exceptAccessId }: SessionSelection,
): boolean {
  return id === onlyId && accessId === onlyAccessId && accessId !== exceptAccessId;
}

function accessKeys(sessions: readonly Pick<SessionRow, 'access_id'>[]): RevocationKey[] {
  return sessions.map(({ access_id: accessId }) => sessionKey(accessId));
}
