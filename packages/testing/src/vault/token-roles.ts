import { type JsonObject, secondsIn, succeeded, textsIn, type VaultReply } from './reply.ts';
import type { TokenEntry, TokenStore } from './token-store.ts';

/** Makes the token that a role of an auth method gives (its `token_policies`, `token_ttl` and `token_max_ttl`). */
export function giveToken(tokens: TokenStore, path: string, role: JsonObject): VaultReply {
  const isBare = role['token_no_default_policy'] === true;
  const token = tokens.create({
    policies: [...(isBare ? [] : ['default']), ...textsIn(role, 'token_policies')],
    ttlSeconds: secondsIn(role, 'token_ttl'),
    maxTtlSeconds: secondsIn(role, 'token_max_ttl'),
    type: role['token_type'] === 'batch' ? 'batch' : 'service',
    path,
  });
  return succeeded({ auth: authOf(tokens, token) });
}

/** The part of an answer that tells of a token. */
export function authOf(tokens: TokenStore, token: TokenEntry): JsonObject {
  return {
    client_token: token.id,
    policies: token.policies,
    token_policies: token.policies,
    metadata: null,
    lease_duration: tokens.remainingSeconds(token),
    renewable: token.type === 'service',
    token_type: token.type,
  };
}
