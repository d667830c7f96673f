import type { SecretErrorCode } from '../secret-error.ts';
import type { LeaseStatus } from './held-lease.ts';
import type { SecretKind } from './secret-kind.ts';

/** What can be told of a watched secret: safe to print, for nothing of a value or a version is in it. Instants are milliseconds since 1970. */
export interface SecretStatus {
  /** The setting that names it. */
  readonly name: string;
  readonly kind: SecretKind;
  readonly reference: string;
  /** The document that the reference is of; secrets of one document are read together. */
  readonly document: string;
  /** Which of its versions is in use: `pending` while a rotation has not ended and the current one was refused. */
  readonly stage: 'current' | 'pending';
  /** When the source last gave the value, or confirmed it by renewing its lease. */
  readonly readAtMs: number;
  /** When this version was made, where the source tells. */
  readonly createdAtMs?: number;
  /** How old it is; absent where the source does not tell. */
  readonly ageMs?: number;
  /** How old one of its kind may be (SR-52). */
  readonly ageLimitMs: number;
  /** Since when refreshes fail; absent while they succeed. */
  readonly failedSinceMs?: number;
  /** Why the last refresh failed; absent when it did not. */
  readonly lastFailure?: SecretErrorCode;
  /** For how long the source grants the value; absent: until it is changed. */
  readonly lease?: LeaseStatus;
}
