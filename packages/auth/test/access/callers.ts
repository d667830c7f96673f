import type { ServicePrincipal, UserPrincipal } from '../../src/access/principal.ts';
import { parseSpiffeId } from '../../src/services/spiffe-id.ts';

export const NOW_MS = 1_768_000_000_000;
export const OWN_ID = '0190a1b2-c3d4-7e5f-8a6b-0c1d2e3f4a5b';
export const FOREIGN_ID = '0190a1b2-c3d4-7e5f-8a6b-0c1d2e3f4a5c';

/** A caller who signed in just now and may do nothing special, with changes. */
export function caller(changes: Partial<UserPrincipal> = {}): UserPrincipal {
  const base = {
    kind: 'user' as const,
    userId: OWN_ID,
    role: 'user',
    permissions: new Set<string>(),
    tokenId: 'token-1',
  };
  return { ...base, authenticatedAt: NOW_MS / 1000, ...changes };
}

/** A service that has proven who it is. */
export function callingService(id: string): ServicePrincipal {
  return { kind: 'service', serviceId: parseSpiffeId(id) };
}
