import type { Secret, SecretError } from '@redoubt/secrets';

/** What a secret is for; it decides how strong it has to be. */
export type SecretKind =
  /** A key for encryption or message authentication. */
  | 'symmetric key'
  /** A password of a server of our own: the database, the shared store. */
  | 'password'
  /** A password that another provider may limit: the mail server's. */
  | 'foreign password'
  /** A private key, whose strength its parser judges. */
  | 'private key'
  /** Whom a password belongs to: it comes with one, and is none itself. */
  | 'user name';

/** A secret as its source has it. */
export interface HeldSecret {
  readonly material: Secret;
  /** Milliseconds since 1970, where the source tells. */
  readonly createdAtMs: number | undefined;
  /** `leased`: the source made it for a short time, and chose its length. */
  readonly tenure: 'leased' | 'kept';
  /** Whether the parser of a private key took it. */
  readonly form: 'usable' | 'unusable';
}

/** What came of reading a secret. */
export type SecretOutcome = HeldSecret | { readonly error: SecretError };
