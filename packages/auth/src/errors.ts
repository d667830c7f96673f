/**
 * The errors of this package, beside `PasswordPolicyError`. Each has a stable `code` and a constant message, so that
 * neither can carry a password, a token, a key or a stored hash to a log or a client.
 */

/** As many password computations wait as may (SR-40); the caller answers 503 with `Retry-After`. */
export class PasswordHashingBusyError extends Error {
  override readonly name = 'PasswordHashingBusyError';
  readonly code = 'password_hashing_busy';

  constructor() {
    super('too many password computations are waiting');
  }
}

/** A stored password hash is not one that this service writes, or asks for more work than it allows. */
export class PasswordHashFormatError extends Error {
  override readonly name = 'PasswordHashFormatError';
  readonly code = 'password_hash_format';

  constructor() {
    super('the stored password hash is not a supported argon2id PHC string');
  }
}

/** Key material is not a private key on P-256 in PKCS#8 PEM or JWK. Nothing of the key is in the error. */
export class SigningKeyError extends Error {
  override readonly name = 'SigningKeyError';
  readonly code = 'invalid_signing_key';

  constructor() {
    super('the signing key must be a P-256 private key, as PKCS#8 PEM or JWK');
  }
}

/** What is wrong with an access token. For logs and metrics: a client learns only that the token is not valid. */
export type AccessTokenFault =
  | 'size'
  | 'segments'
  | 'encoding'
  | 'header'
  | 'type'
  | 'not-an-access-token'
  | 'key-id'
  | 'unknown-key'
  | 'algorithm'
  | 'signature'
  | 'payload'
  | 'issuer'
  | 'audience'
  | 'subject'
  | 'token-id'
  | 'session-id'
  | 'role'
  | 'issued-at'
  | 'expires-at'
  | 'not-before'
  | 'auth-time'
  | 'lifetime'
  | 'expired'
  | 'not-yet-valid'
  | 'revoked';

/** An access token was refused. One code and one message for every fault (SR-6, SR-37). */
export class InvalidAccessTokenError extends Error {
  override readonly name = 'InvalidAccessTokenError';
  readonly code = 'invalid_access_token';
  /** For logs only; one of a fixed set, never a part of the token. */
  readonly reason: AccessTokenFault;

  constructor(reason: AccessTokenFault, options?: ErrorOptions) {
    super('the access token is not valid', options);
    this.reason = reason;
  }
}

/** Why a document of an issuer was not taken; for logs. */
export type IssuerDocumentFault =
  | 'address-not-allowed'
  | 'timeout'
  | 'connection'
  | 'status'
  | 'encoding'
  | 'too-large'
  | 'not-json'
  | 'wrong-issuer'
  | 'key-set';

/** A key set or a discovery document of another issuer cannot be had, or is not to be believed (SR-15, SR-29). */
export class IssuerDocumentError extends Error {
  override readonly name = 'IssuerDocumentError';
  readonly code = 'issuer_document';
  /** For logs only; one of a fixed set, never a part of a document. */
  readonly reason: IssuerDocumentFault;

  constructor(reason: IssuerDocumentFault, options?: ErrorOptions) {
    super(`a document of the issuer was not taken: ${reason}`, options);
    this.reason = reason;
  }
}

/** No key of the token's issuer is at hand, so nothing can be proven; the caller answers 503 with `Retry-After`. */
export class IssuerUnavailableError extends Error {
  override readonly name = 'IssuerUnavailableError';
  readonly code = 'issuer_unavailable';
  /** Until the issuer is asked again. */
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('the keys of an issuer are not available');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What is wrong with a schedule of signing keys. */
export type SigningKeyScheduleFault = 'form' | 'no-active-key' | 'notice';

const scheduleMessages: Readonly<Record<SigningKeyScheduleFault, string>> = {
  form: 'signing keys are up to 8 PEM blocks, each after a line such as Signs-From: 2027-01-31T12:00:00Z',
  'no-active-key': 'no signing key signs yet: one must have a Signs-From in the past, or none',
  notice: 'a signing key must be published for 10 minutes before it signs: give it a later Signs-From',
};

/** Signing keys that cannot follow each other without refused tokens (SR-52). Nothing of a key is in the error. */
export class SigningKeyScheduleError extends Error {
  override readonly name = 'SigningKeyScheduleError';
  readonly code = 'invalid_signing_key_schedule';
  readonly reason: SigningKeyScheduleFault;

  constructor(reason: SigningKeyScheduleFault) {
    super(scheduleMessages[reason]);
    this.reason = reason;
  }
}
