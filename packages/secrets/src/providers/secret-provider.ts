import type { SecretReference, SecretScheme } from '../references/secret-reference.ts';

/** Largest document of any source: 64 KiB, what AWS Secrets Manager allows and room for a chain of certificates. */
export const MAX_SECRET_BYTES = 64 * 1024;

/** For how long a source grants what it gave (Vault's dynamic credentials). */
export interface SecretLease {
  readonly id: string;
  readonly durationMs: number;
  readonly renewal: 'renewable' | 'final';
}

/** A document as its source has it at one moment. */
export interface SecretReading {
  /** All of it, {@link MAX_SECRET_BYTES} at most; an object of JSON where references ask for fields. */
  readonly text: string;
  /** The source's name of this version; the same name is the same text. */
  readonly version?: string;
  /** When this version was made, in milliseconds since 1970, where the source tells. */
  readonly createdAtMs?: number;
  /** Absent: it is granted until it is changed. */
  readonly lease?: SecretLease;
}

/** How a source is asked. */
export interface ReadOptions {
  /** Ends the attempt, and frees what it holds. */
  readonly signal: AbortSignal;
}

/**
 * The port behind which each source of secrets stands: one scheme, one provider. A provider reads once: fields, caching,
 * retries, deadlines and rotation are the business of those who call it, and an SDK's own retries are off.
 */
export interface SecretProvider<S extends SecretScheme = SecretScheme> {
  readonly scheme: S;
  /**
   * Reads the whole document that the reference is of, anew each time; the reference's field is not looked at.
   *
   * @throws {SecretError} whose message and causes carry nothing of the value.
   */
  read(reference: SecretReference<S>, options: ReadOptions): Promise<SecretReading>;
  /**
   * Reads the version that a rotation under way has made and not yet put in place of the current one (AWSPENDING);
   * `undefined` when there is none. Absent: the source knows no such version.
   *
   * @throws {SecretError}
   */
  readPending?(reference: SecretReference<S>, options: ReadOptions): Promise<SecretReading | undefined>;
  /**
   * Extends a lease that this provider gave, and answers how long it lasts from now on.
   *
   * @throws {SecretError}
   */
  renew?(reference: SecretReference<S>, lease: SecretLease, options: ReadOptions): Promise<SecretLease>;
  /** Gives back what it holds at its source: a session, leases. Absent: it holds nothing. Never rejects. */
  close?(): Promise<void>;
}
