import type { Reach } from '@redoubt/outbound';

/** Signature algorithms that another issuer may use (SR-15); each issuer gets those that it does use. */
export const EXTERNAL_ALGORITHMS = ['ES256', 'EdDSA', 'PS256', 'RS256'] as const;
/** One of {@link EXTERNAL_ALGORITHMS}. */
export type ExternalAlgorithm = (typeof EXTERNAL_ALGORITHMS)[number];

/**
 * `typ` in the header of an issuer's access tokens: RFC 9068 where it follows it; `JWT` (Entra, Keycloak, Auth0 by
 * default) or none (Cognito) where it does not, and then a {@link TokenMarker} has to tell ID tokens apart.
 */
export const EXTERNAL_TOKEN_TYPES = ['at+jwt', 'JWT', 'absent'] as const;
/** One of {@link EXTERNAL_TOKEN_TYPES}. */
export type ExternalTokenType = (typeof EXTERNAL_TOKEN_TYPES)[number];

/** How long a token of another issuer may live unless its settings say otherwise: an hour, what most of them give. */
export const EXTERNAL_TOKEN_TTL_SECONDS = 3600;
/** The longest life that may be configured for another issuer's tokens: a day, Auth0's default. */
export const MAX_EXTERNAL_TOKEN_TTL_SECONDS = 86_400;

/** A claim that the issuer's access tokens have and its ID tokens do not: `scp`, or `token_use` with `access`. */
export interface TokenMarker {
  readonly claim: string;
  /** What the claim must be; without it, any value but an empty one does. */
  readonly value?: string;
}

/** How an issuer's word about a person becomes a role of this service. */
export interface RoleMapping {
  /** Where the claim stands: `['roles']`, `['realm_access', 'roles']`. A text or a list of texts. */
  readonly claim: readonly string[];
  /** The first line whose value the token carries decides. */
  readonly map: readonly { readonly value: string; readonly role: string }[];
  /** The role of whom no line fits. Without it, they are refused. */
  readonly defaultRole?: string;
}

/** An issuer whose access tokens are accepted beside the service's own. */
export interface TrustedIssuer {
  /** `iss`, byte for byte: a trailing slash or another case is another issuer. */
  readonly issuer: string;
  /** Whom its tokens must be for, byte for byte. */
  readonly audience: string;
  /** Where the audience stands: `aud`, or `client_id` where tokens have no `aud` (Cognito). Default: `aud`. */
  readonly audienceClaim?: 'aud' | 'client_id';
  /** What a token may name beside the audience: Auth0 adds its `/userinfo` to tokens that come with an ID token. */
  readonly otherAudiences?: readonly string[];
  readonly algorithms: readonly ExternalAlgorithm[];
  /** The key set. Default: what the issuer's discovery document names (OpenID Connect Discovery 1.0, section 4). */
  readonly jwksUrl?: string;
  /** Which addresses its documents may come from (SR-29). Default: `public`. */
  readonly reach?: Reach;
  /** Default: `at+jwt`. */
  readonly tokenType?: ExternalTokenType;
  /** Required unless `tokenType` is `at+jwt`. */
  readonly marker?: TokenMarker;
  readonly roles: RoleMapping;
  /** Default: {@link EXTERNAL_TOKEN_TTL_SECONDS}. */
  readonly maxLifetimeSeconds?: number;
}
