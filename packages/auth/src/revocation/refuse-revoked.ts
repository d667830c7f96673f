import type { UserPrincipal } from '../access/principal.ts';
import { InvalidAccessTokenError } from '../errors.ts';
import { revocationKeyOf } from './revocation-key.ts';
import type { Revocations } from './revocations.ts';

/**
 * Lets a proven caller pass unless the session or the token was revoked (SR-7): at once when the answer is known.
 * Refuses with {@link InvalidAccessTokenError}, thrown or as a rejection; rejects with `SharedStoreUnavailableError`
 * when nobody can say.
 */
export function refuseRevoked(
  principal: UserPrincipal,
  revocations: Revocations,
): UserPrincipal | Promise<UserPrincipal> {
  const isRevoked = revocations.isRevoked(revocationKeyOf(principal));
  if (isRevoked instanceof Promise) return isRevoked.then((late) => pass(principal, late));
  return pass(principal, isRevoked);
}

function pass(principal: UserPrincipal, isRevoked: boolean): UserPrincipal {
  if (isRevoked) throw new InvalidAccessTokenError('revoked');
  return principal;
}
