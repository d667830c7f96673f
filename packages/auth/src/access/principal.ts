import { InvalidAccessTokenError } from '../errors.ts';
import type { SpiffeId } from '../services/spiffe-id.ts';
import type { AccessTokenClaims } from '../tokens/access-token-claims.ts';
import type { Roles } from './roles.ts';

/** Who is calling, proven: a person's account, or another service. */
export type Principal = UserPrincipal | ServicePrincipal;

/** A user, proven by an access token. */
export interface UserPrincipal {
  readonly kind: 'user';
  readonly userId: string;
  readonly role: string;
  /** What the role grants. */
  readonly permissions: ReadonlySet<string>;
  /** The session of the token, when it has one. */
  readonly sessionId?: string;
  /** When the caller last proved who they are; seconds since 1970 (SR-54). */
  readonly authenticatedAt: number;
  /** The token's own id (`jti`). */
  readonly tokenId: string;
}

/** A service, proven by its client certificate (SR-28) or its signature (SR-42). It has no role and no permission: rules name it. */
export interface ServicePrincipal {
  readonly kind: 'service';
  /** `spiffe://<trust domain>/<path>`, from the certificate or the list of signed callers. */
  readonly serviceId: SpiffeId;
}

/**
 * Makes the caller from the claims of a proven token. Permissions come from the role table of this service, never from
 * the token. Throws {@link InvalidAccessTokenError} for a role that the table does not have.
 */
export function principalFromClaims(claims: AccessTokenClaims, roles: Roles): UserPrincipal {
  const permissions = roles.permissionsOf(claims.role);
  if (permissions === undefined) throw new InvalidAccessTokenError('role');
  const { sub: userId, role, auth_time: authenticatedAt, jti: tokenId, sid } = claims;
  const principal = { kind: 'user' as const, userId, role, permissions, authenticatedAt, tokenId };
  return sid === undefined ? principal : { ...principal, sessionId: sid };
}
