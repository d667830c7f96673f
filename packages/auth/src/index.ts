export type { Access, AccessRequest, AccessRule, DeniedAs, Requirement } from './access/access-rule.ts';
export {
  owner,
  permission,
  type PermissionRule,
  RECENT_SIGN_IN_SECONDS,
  recentSignIn,
  type RecentSignInOptions,
  signedIn,
} from './access/access-rules.ts';
export { allOf, anyOf } from './access/combined-rules.ts';
export { decide, type Decision, type OnAccessFault } from './access/decide.ts';
export { type Principal, principalFromClaims } from './access/principal.ts';
export { defineRoles, type PermissionOf, type RoleOf, type Roles } from './access/roles.ts';
export {
  type AccessTokenFault,
  InvalidAccessTokenError,
  PasswordHashFormatError,
  PasswordHashingBusyError,
  SigningKeyError,
} from './errors.ts';
export { type Argon2Parameters, DEFAULT_ARGON2_PARAMETERS } from './passwords/argon2-parameters.ts';
export type { DeriveKey, DeriveKeyInput } from './passwords/derive-key.ts';
export {
  createPasswordHasher,
  DEFAULT_HASHING_QUEUE_LIMIT,
  type PasswordHasher,
  type PasswordHasherOptions,
  type PasswordVerdict,
} from './passwords/password-hasher.ts';
export type { PasswordContext } from './passwords/password-context.ts';
export {
  MAX_PASSWORD_CODE_POINTS,
  MIN_PASSWORD_CODE_POINTS,
  type NewPassword,
  parseNewPassword,
  type PasswordPolicyCode,
  PasswordPolicyError,
  passwordPolicyFaults,
} from './passwords/password-policy.ts';
export { clientNetwork } from './throttle/client-network.ts';
export {
  createSignInThrottle,
  MAX_ADDRESS_FAILURES,
  type SignInAdmission,
  type SignInFailure,
  type SignInSource,
  type SignInThrottle,
  type SignInThrottleOptions,
} from './throttle/sign-in-throttle.ts';
export type { AccessTokenClaims } from './tokens/access-token-claims.ts';
export {
  type AccessTokenIssuer,
  type AccessTokenIssuerOptions,
  type AccessTokenSubject,
  createAccessTokenIssuer,
  type IssuedAccessToken,
} from './tokens/access-token-issuer.ts';
export {
  ACCESS_TOKEN_TTL_SECONDS,
  CLOCK_TOLERANCE_SECONDS,
  MAX_ACCESS_TOKEN_TTL_SECONDS,
} from './tokens/access-token-profile.ts';
export {
  type AccessTokenVerifier,
  type AccessTokenVerifierOptions,
  createAccessTokenVerifier,
  VERIFIED_TOKEN_CACHE_SIZE,
} from './tokens/access-token-verifier.ts';
export { createKeyRing, type KeyRing, type PublicJwkSet } from './tokens/key-ring.ts';
export {
  generateSigningKeyPem,
  importSigningKey,
  type PublicJwk,
  type SigningKey,
  type SigningKeyState,
} from './tokens/signing-key.ts';
