import { createSuccessorSalt, deriveSuccessor, digestOf, type RefreshToken } from './refresh-token.ts';
import { idleEnd } from './session-profile.ts';
import type { RefreshTokenRow, SessionRow } from './session-schema.ts';
import type { SessionStore } from './session-store.ts';

/**
 * How long a used token still gives its successor: 10 s. Two tabs that refresh at once, and an answer that was lost on
 * its way, come back within it; a thief has no more than these seconds (SR-8).
 */
const SUCCESSOR_WINDOW_MS = 10_000;

/** What one use of a refresh token leads to. */
export type RefreshTokenUse =
  | { readonly kind: 'rotated' | 'repeated'; readonly session: SessionRow; readonly refreshToken: RefreshToken }
  | { readonly kind: 'reused' }
  | { readonly kind: 'refused' };

/** The token of a session that goes on, and when it is used: milliseconds since 1970. */
export interface PresentedToken {
  readonly session: SessionRow;
  readonly token: RefreshToken;
  readonly now: number;
}

/** Uses a token, inside a transaction that holds the session's lock. */
export async function useRefreshToken(store: SessionStore, presented: PresentedToken): Promise<RefreshTokenUse> {
  const row = await store.findToken(digestOf(presented.token));
  if (row === undefined) return { kind: 'refused' };
  if (row.used_at === null) return rotate(store, presented);
  if (presented.now - row.used_at.getTime() > SUCCESSOR_WINDOW_MS) return { kind: 'reused' };
  const refreshToken = await findUnused(store, presented.token, row);
  return refreshToken === undefined
    ? { kind: 'refused' }
    : { kind: 'repeated', session: presented.session, refreshToken };
}

async function rotate(store: SessionStore, { session, token, now }: PresentedToken): Promise<RefreshTokenUse> {
  const usedAt = new Date(now);
  const salt = createSuccessorSalt();
  const refreshToken = deriveSuccessor(token, salt);
  const slid = {
    last_used_at: usedAt,
    idle_expires_at: new Date(idleEnd(session.profile, now, session.expires_at.getTime())),
  };
  await store.useToken(digestOf(token), { used_at: usedAt, successor_salt: salt });
  await store.insertToken(session.id, digestOf(refreshToken), usedAt);
  await store.touch(session.id, slid);
  await store.eraseSalts(session.id, new Date(now - SUCCESSOR_WINDOW_MS));
  return { kind: 'rotated', session: { ...session, ...slid }, refreshToken };
}

/**
 * The token at the end of the line: a successor that was used within the window too would be reuse when its second
 * holder came with it.
 */
async function findUnused(
  store: SessionStore,
  token: RefreshToken,
  row: RefreshTokenRow,
): Promise<RefreshToken | undefined> {
  let [current, used]: [RefreshToken, RefreshTokenRow | undefined] = [token, row];
  while (used !== undefined && used.used_at !== null) {
    if (used.successor_salt === null) return undefined;
    current = deriveSuccessor(current, used.successor_salt);
    used = await store.findToken(digestOf(current));
  }
  return used === undefined ? undefined : current;
}
