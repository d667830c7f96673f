import { parseCookie, stringifySetCookie } from 'cookie';

/**
 * `__Host-`: a browser takes it only over TLS, for this host alone and for every path of it, so that no subdomain can
 * plant one (RFC 6265bis, section 4.1.3.2; SR-25).
 */
export const REFRESH_COOKIE = '__Host-refresh';

const ATTRIBUTES = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;

/** The `Set-Cookie` that hands out a refresh token until the session's idle end. */
export function refreshCookie(refreshToken: string, maxAgeSeconds: number): string {
  return stringifySetCookie({ name: REFRESH_COOKIE, value: refreshToken, maxAge: maxAgeSeconds, ...ATTRIBUTES });
}

/** The `Set-Cookie` that takes the refresh token away. */
export function clearedRefreshCookie(): string {
  return stringifySetCookie({ name: REFRESH_COOKIE, value: '', maxAge: 0, ...ATTRIBUTES });
}

/** The refresh token of a `Cookie` header; the first, where a client sends several. */
export function readRefreshCookie(header: string | undefined): string | undefined {
  return header === undefined ? undefined : parseCookie(header)[REFRESH_COOKIE];
}
