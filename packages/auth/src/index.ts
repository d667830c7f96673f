export { type Reach, REACHES } from '@redoubt/outbound';

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
export { type Principal, principalFromClaims, type ServicePrincipal, type UserPrincipal } from './access/principal.ts';
export { defineRoles, type PermissionOf, type RoleOf, type Roles } from './access/roles.ts';
export { anyService, service, type ServiceList } from './access/service-rules.ts';
export {
  type AccessTokenFault,
  InvalidAccessTokenError,
  IssuerDocumentError,
  type IssuerDocumentFault,
  IssuerUnavailableError,
  PasswordHashFormatError,
  PasswordHashingBusyError,
  SigningKeyError,
  SigningKeyScheduleError,
  type SigningKeyScheduleFault,
} from './errors.ts';
export { createMultiIssuerVerifier, type MultiIssuerVerifierOptions } from './issuers/multi-issuer-verifier.ts';
export type { PeerIssuer } from './issuers/peer-issuer.ts';
export { findTrustedIssuerFaults, type TrustedIssuerFault } from './issuers/trusted-issuer-faults.ts';
export {
  EXTERNAL_ALGORITHMS,
  EXTERNAL_TOKEN_TTL_SECONDS,
  EXTERNAL_TOKEN_TYPES,
  type ExternalAlgorithm,
  type ExternalTokenType,
  MAX_EXTERNAL_TOKEN_TTL_SECONDS,
  type RoleMapping,
  type TokenMarker,
  type TrustedIssuer,
} from './issuers/trusted-issuer.ts';
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
export { refuseRevoked } from './revocation/refuse-revoked.ts';
export { type RevocationKey, revocationKeyOf } from './revocation/revocation-key.ts';
export { createRevocations, type Revocations, type RevocationsOptions } from './revocation/revocations.ts';
export { isOwnPageRequest } from './sessions/cookie-request.ts';
export { clearedRefreshCookie, readRefreshCookie, REFRESH_COOKIE, refreshCookie } from './sessions/refresh-cookie.ts';
export { MAX_SESSIONS_PER_USER, SESSION_PROFILES, type SessionProfile } from './sessions/session-profile.ts';
export type {
  RefreshTokensTable,
  SessionEndReason,
  SessionRow,
  SessionSchema,
  SessionsTable,
} from './sessions/session-schema.ts';
export {
  type Account,
  type LockAccount,
  type OpenSession,
  type RefreshOutcome,
  Sessions,
  type SessionSelection,
  type SessionsOptions,
  type SignIn,
} from './sessions/sessions.ts';
export { MAX_PEER_CERTIFICATE_DAYS } from './services/peer-certificate.ts';
export { PeerCertificateError, type PeerCertificateFault } from './services/peer-certificate-error.ts';
export {
  type CertificateReader,
  createPeerIdentifier,
  type Peer,
  type PeerIdentifier,
  type PeerIdentifierOptions,
} from './services/peer-identifier.ts';
export { isSpiffeId, parseSpiffeId, type SpiffeId } from './services/spiffe-id.ts';
export { isDigestOf } from './signatures/content-digest.ts';
export { InvalidSignatureError, type SignatureFault } from './signatures/invalid-signature-error.ts';
export {
  createRequestSigner,
  type RequestSigner,
  type RequestSignerOptions,
  type SignableRequest,
} from './signatures/request-signer.ts';
export type { SignatureAlgorithm, SignatureTag } from './signatures/signature-profile.ts';
export {
  createSignatureVerifier,
  type ProvenRequest,
  type RequestHead,
  type SignatureVerifier,
  type SignatureVerifierOptions,
} from './signatures/signature-verifier.ts';
export {
  createSignedCallerKeys,
  findSignedCallerFaults,
  type SignedCaller,
  type SignedCallerFault,
  type SignedCallerKeys,
} from './signatures/signed-caller-keys.ts';
export { createSignedOutboundClient } from './signatures/signed-outbound-client.ts';
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
} from './tokens/access-token-verifier.ts';
export { VERIFIED_TOKEN_CACHE_SIZE } from './tokens/remembering-verifier.ts';
export {
  createKeyRotation,
  type KeyRotation,
  type KeyRotationOptions,
  PUBLISHED_BEFORE_SIGNING_SECONDS,
} from './tokens/key-rotation.ts';
export { importSigningKeySchedule, type ScheduledKey } from './tokens/signing-key-schedule.ts';
export { createKeyRing, type KeyRing, type PublicJwkSet } from './tokens/key-ring.ts';
export {
  generateSigningKeyPem,
  importSigningKey,
  type PublicJwk,
  type SigningKey,
  type SigningKeyState,
} from './tokens/signing-key.ts';
