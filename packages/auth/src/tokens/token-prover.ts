import type { AccessTokenClaims } from './access-token-claims.ts';

/** Proves tokens, each time anew; what stands in front of it remembers. */
export interface TokenProver {
  /** Grows when a key is gone or changed: what was proven before counts no longer. */
  readonly version: number;
  /** Rejects with `InvalidAccessTokenError`; nothing that it awaits may turn a fault into an answer. */
  prove(token: string): Promise<AccessTokenClaims>;
  /** Checks a remembered token against the clock, as a full proof would. Throws `InvalidAccessTokenError`. */
  recheck(claims: AccessTokenClaims): 'holds' | 'prove-again';
}
